/** SDXL's twins on the CPU, each opened once, as the functions that the pipeline takes. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { decodeOf, encodeOf } from '../../workers/diffusion/graphs';
import { type Network, openNetwork } from '../../workers/ort/network';
import { asFloats, type FloatTensor, type Tensors } from '../../workers/ort/tensor';
import { type SdxlTwinNetwork, sdxlTwinWeights } from '../fakes/sdxlTwin';

const folder = resolve(import.meta.dirname, '../twins/sdxl');
const networks = new Map<SdxlTwinNetwork, Promise<Network>>();

export async function runTwin(name: SdxlTwinNetwork, feeds: Tensors): Promise<Tensors<FloatTensor>> {
  const opened =
    networks.get(name) ??
    openNetwork(readFileSync(resolve(folder, `${name}.onnx`)), { externalData: sdxlTwinWeights(name) });
  networks.set(name, opened);
  return asFloats(await (await opened).run(feeds));
}

export const encode = encodeOf((feeds) => runTwin('vae_encoder', feeds));
export const decode = decodeOf((feeds) => runTwin('vae_decoder', feeds));
