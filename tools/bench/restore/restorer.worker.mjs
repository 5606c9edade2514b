/** The restoration worker's own code, timed, on networks from the bench's folder. The number of threads is the bench's. */
import { raster } from '../../../src/core/raster';
import { serve } from '../../../src/rpc/serve';
import { codeformerTwinWeights } from '../../../test/fakes/codeformerTwin';
import golden from '../../../test/golden/codeformer.json';
import { roadDifferences } from '../../../test/unit/codeformerRoad';
import { diskMemory } from '../../../workers/gpu/diskMemory';
import { createGpu } from '../../../workers/gpu/gpu';
import { openNetwork } from '../../../workers/ort/network';
import { loadRuntime } from '../../../workers/ort/runtime';
import { createRestorer } from '../../../workers/restoration/engine';

const SIDE_PX = 512;
const ASKED = { restorer: 'codeformer', device: 'cpu', fidelity: 0.7, parse: false };

let restorer;
let square;
let helpers = 0;
globalThis.Worker = class extends Worker {
  constructor(...args) {
    super(...args);
    helpers += 1;
  }
};

serve({
  /** @param order `onGpu`: not on the CPU; `graph` and `weights`: URLs; `pixels`: of a face square, RGBA */
  async open({ threads, onGpu, graph, weights, pixels }, signal) {
    const { env } = await loadRuntime('wasm');
    env.wasm.numThreads = threads;
    const gpu = onGpu && (await createGpu(diskMemory).open(signal));
    const data = await blobAt(weights);
    const open = async () =>
      openNetwork(await blobAt(graph), {
        externalData: [{ path: weights.slice(weights.lastIndexOf('/') + 1), data }],
        ...(gpu && { gpu, fixedSizes: {} }),
      });
    restorer = restorerOf(open);
    square = raster(SIDE_PX, SIDE_PX, new Uint8ClampedArray(await (await blobAt(pixels)).arrayBuffer()));
    const startMs = performance.now();
    await restorer.restore({ ...ASKED, square }, signal);
    if (!gpu && helpers !== threads - 1) throw new Error(`${helpers + 1} threads instead of ${threads}`);
    return { firstMs: performance.now() - startMs };
  },

  async run(_order, signal) {
    const startMs = performance.now();
    const { face } = await restorer.restore({ ...ASKED, square }, signal);
    const ms = performance.now() - startMs;
    // A look at the answer: it is the network's, and no other's.
    return { ms, sum: face.data.reduce((sum, value) => sum + value, 0) };
  },

  /** @returns grey levels from CodeFormer's own code to the app, with its network in small: of each case of the golden file */
  async differences() {
    const twin = restorerOf(async () =>
      openNetwork(await blobAt('/test/twins/codeformer/codeformer.onnx'), {
        externalData: codeformerTwinWeights(),
      }),
    );
    const found = [];
    for (const one of golden.cases) found.push(...(await roadDifferences(twin, one)));
    return found;
  },
});

function restorerOf(open) {
  const pack = { revision: '1', open };
  return createRestorer({ pack: async (id) => (id === 'codeformer' ? pack : null) });
}

async function blobAt(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return await response.blob();
}
