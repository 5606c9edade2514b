/** The opener worker's own code, timed on one thread: a drawn face from its squares to a candidate, and the network alone; by hand on a GPU. */
import { Catalog } from '../../../src/models/catalog';
import { serve } from '../../../src/rpc/serve';
import { drawnRequest } from '../../../test/fakes/openRequest';
import { diskMemory } from '../../../workers/gpu/diskMemory';
import { createGpu } from '../../../workers/gpu/gpu';
import { noise } from '../../../workers/gpu/noise';
import { createOpener } from '../../../workers/opener/engine';
import { openNetwork } from '../../../workers/ort/network';
import { loadRuntime } from '../../../workers/ort/runtime';

let spec;
let model;
let network;
let opener;
let feeds;
const request = drawnRequest({ seeds: [42] });

serve({
  async open(_order, signal) {
    const { env } = await loadRuntime('wasm');
    env.wasm.numThreads = 1;
    const models = new Catalog('/models/');
    [spec] = (await models.packs()).find(({ id }) => id === 'eyes').tensors;
    model = await (await models.fetch(`eyes/${spec.path}`)).blob();
    network = await openNetwork(model, { spec });
    opener = createOpener(async () => network);
    feeds = Object.fromEntries(
      spec.inputs.map(({ name, dims }, i) => [
        name,
        {
          data: noise(
            i + 1,
            dims.reduce((product, size) => product * size),
          ),
          dims,
        },
      ]),
    );
    await network.run(feeds);
    await opener.open(request, signal);
  },

  async run(_order, signal) {
    const startMs = performance.now();
    await opener.open(request, signal);
    const openedMs = performance.now();
    const { eyes } = await network.run(feeds);
    const endMs = performance.now();
    const sum = eyes.data.reduce((all, value) => all + value, 0);
    return { faceMs: openedMs - startMs, networkMs: endMs - openedMs, sum };
  },

  /** What a worker with a GPU would wait for, and how far its eyes are from those of `run`, of 0..1. */
  async gpu(_order, signal) {
    const startMs = performance.now();
    const gpu = await createGpu(diskMemory).open(signal);
    const checkedMs = performance.now();
    const other = await openNetwork(model, { spec, gpu });
    await other.run(feeds);
    const firstMs = performance.now();
    const { eyes } = await other.run(feeds);
    const endMs = performance.now();
    const { eyes: wanted } = await network.run(feeds);
    const differences = eyes.data.map((value, i) => Math.abs(value - wanted.data[i]));
    return {
      device_and_check_ms: checkedMs - startMs,
      first_run_ms: firstMs - checkedMs,
      run_ms: endMs - firstMs,
      max_difference: differences.reduce((most, value) => Math.max(most, value), 0),
    };
  },
});
