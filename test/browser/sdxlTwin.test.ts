/** SDXL's networks in small on this browser's WebGPU adapter. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findAdapter, type GpuDevice, openDevice } from '../../workers/gpu/device';
import { openNetwork } from '../../workers/ort/network';
import { sdxlTwinDifference, sdxlTwinFeeds, sdxlTwinNetworks, sdxlTwinWeights } from '../fakes/sdxlTwin';

const graphs = import.meta.glob<string>('../twins/sdxl/*.onnx', {
  query: '?url',
  import: 'default',
  eager: true,
});
let gpu: GpuDevice;

beforeAll(async () => {
  // Without subgroups: with them the software adapter computes attention wrongly.
  gpu = await openDevice((await findAdapter())!, false);
});

afterAll(() => gpu.device.destroy());

test.each(sdxlTwinNetworks)('%s answers on a GPU as PyTorch does', async (name) => {
  const graph = await (await fetch(graphs[`../twins/sdxl/${name}.onnx`]!)).blob();
  const network = await openNetwork(graph, { gpu, externalData: sdxlTwinWeights(name) });
  const found = await network.run(sdxlTwinFeeds(name));
  const difference = sdxlTwinDifference(name, found);
  console.log(name, difference);
  expect(difference).toBeLessThan(2e-4);
  await network.release();
});
