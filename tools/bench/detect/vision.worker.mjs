/**
 * The vision worker's own code, timed, on networks from the bench's folder. The number of threads is the bench's: set
 * where the app sets it, before a first network is opened; it holds for the worker's life.
 */
import { raster } from '../../../src/core/raster';
import { serve } from '../../../src/rpc/serve';
import { openNetwork } from '../../../workers/ort/network';
import { loadRuntime } from '../../../workers/ort/runtime';
import { createVision } from '../../../workers/vision/engine';

const CANVAS = { width: 640, height: 640 };

const visions = {};
let look;
let squares;
let threads;
/** When a network was asked, and when it had answered. */
let asked;

/** What onnxruntime starts beside this one: its threads but the first. */
let helpers = 0;
globalThis.Worker = class extends Worker {
  constructor(...args) {
    super(...args);
    helpers += 1;
  }
};

const works = {
  async detect(vision, signal) {
    const faces = await vision.detect(look, signal);
    return () =>
      faces.map(({ box, score, points }) => [
        box.x,
        box.y,
        box.x + box.width,
        box.y + box.height,
        score,
        ...points.flatMap(({ x, y }) => [x, y]),
      ]);
  },
  async landmarks(vision, signal) {
    const faces = await vision.points106(squares, 'cpu', signal);
    // Python counts from the centre of the first pixel.
    return () => faces.map((points) => points.flatMap(({ x, y }) => [x - 0.5, y - 0.5]));
  },
};

serve({
  /**
   * @param order `packs`: URLs of networks by the names the app knows them by; `graphs`: what the catalog says of them;
   * `folder` of the `pixels`, whose sizes Python said
   */
  async open({ packs, graphs, folder, pixels, ...order }) {
    threads = order.threads;
    const { env } = await loadRuntime('wasm');
    env.wasm.numThreads = threads;
    for (const [name, urls] of Object.entries(packs)) visions[name] = createVision(sourceOf(urls, graphs));
    const { width, height, side } = pixels;
    const picture = raster(width, height, await pixelsAt(`${folder}picture.rgba`));
    look = { detector: 'buffalo_l', device: 'cpu', picture, canvas: CANVAS, scale: 1 };
    const strip = await pixelsAt(`${folder}squares.rgba`);
    squares = Array.from({ length: pixels.squares }, (_, i) => {
      const length = side * side * 4;
      return raster(side, side, strip.slice(i * length, (i + 1) * length));
    });
  },

  /** @returns as Python does: milliseconds before, in and behind the network for each run after a first one, and the answer */
  async run({ pack, work, times }, signal) {
    const spans = [];
    let rows;
    for (let i = 0; i <= times; i += 1) {
      const start = performance.now();
      rows = await works[work](visions[pack], signal);
      const end = performance.now();
      if (i > 0) spans.push([asked.from - start, asked.to - asked.from, end - asked.to]);
    }
    if (helpers !== threads - 1) throw new Error(`${helpers + 1} threads instead of ${threads}`);
    return { spans, answer: rows() };
  },
});

function sourceOf(urls, graphs) {
  return {
    shipped: () => Promise.reject(new Error('not here')),
    pack: async () => ({
      revision: '1',
      async open(path) {
        const spec = graphs.find((graph) => urls[path].endsWith(`/${graph.path}`));
        const network = await openNetwork(await bytesAt(urls[path]), spec && { spec });
        return { ...network, run: (feeds) => watched(network, feeds) };
      },
    }),
  };
}

async function watched(network, feeds) {
  const from = performance.now();
  const outputs = await network.run(feeds);
  asked = { from, to: performance.now() };
  return outputs;
}

async function pixelsAt(url) {
  return new Uint8ClampedArray((await bytesAt(url)).buffer);
}

async function bytesAt(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
