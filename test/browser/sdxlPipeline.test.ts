/**
 * The whole inpainting on SDXL's twins against diffusers' own pipeline, on this browser's GPU (in tests mostly one that
 * computes on the CPU, without subgroups); skipped without ../shared/models/clip.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findAdapter, type GpuDevice, openDevice } from '../../workers/gpu/device';
import { type Network, openNetwork } from '../../workers/ort/network';
import type { Tensors } from '../../workers/ort/tensor';
import { caseName, sdxlCases, sdxlDifference } from '../fakes/sdxlCases';
import { type SdxlTwinNetwork, sdxlTwinWeights } from '../fakes/sdxlTwin';
import { sharedClip } from './sharedPhoto';

const graphs = import.meta.glob<string>('../twins/sdxl/*.onnx', {
  query: '?url',
  import: 'default',
  eager: true,
});
const words = await sharedClip();
const networks = new Map<SdxlTwinNetwork, Promise<Network>>();
let gpu: GpuDevice;

beforeAll(async () => {
  // Without subgroups: with them the software adapter computes attention wrongly.
  gpu = await openDevice((await findAdapter())!, false);
});

afterAll(() => gpu.destroy());

async function open(name: SdxlTwinNetwork): Promise<Network> {
  const graph = await (await fetch(graphs[`../twins/sdxl/${name}.onnx`]!)).blob();
  return await openNetwork(graph, { gpu, externalData: sdxlTwinWeights(name) });
}

async function runTwin(name: SdxlTwinNetwork, feeds: Tensors): Promise<Tensors> {
  const network = networks.get(name) ?? open(name);
  networks.set(name, network);
  return (await network).run(feeds);
}

test.skipIf(!words).for(sdxlCases.map((one) => [caseName(one), one] as const))(
  '%s: on a GPU as diffusers within 1e-3 (skipped without ../shared)',
  async ([, wanted]) => {
    const { latents, decoded } = await sdxlDifference(wanted, runTwin, words!);
    expect(latents).toBeLessThan(1e-3);
    expect(decoded).toBeLessThan(1e-3);
  },
);
