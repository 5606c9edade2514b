/** SDXL's networks in small on this browser's WebGPU adapter. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findAdapter, type GpuDevice, openDevice } from '../../workers/gpu/device';
import { openNetwork } from '../../workers/ort/network';
import { type SdxlTwinNetwork, sdxlTwinDifference, sdxlTwinFeeds, sdxlTwinWeights } from '../fakes/sdxlTwin';

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

// One of a kind: each takes a software adapter some 15 seconds.
test.each<SdxlTwinNetwork>(['text_encoder_2', 'vae_decoder', 'unet9'])(
  '%s answers on a GPU as PyTorch does',
  async (name) => {
    const graph = await (await fetch(graphs[`../twins/sdxl/${name}.onnx`]!)).blob();
    const network = await openNetwork(graph, { gpu, externalData: sdxlTwinWeights(name) });
    const found = await network.run(sdxlTwinFeeds(name));
    expect(sdxlTwinDifference(name, found)).toBeLessThan(5e-5);
    await network.release();
  },
);
