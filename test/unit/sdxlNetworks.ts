/** SDXL's twins on the CPU, each opened once, as the functions that the pipeline takes. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Unet } from '../../workers/diffusion/denoise';
import type { Encode } from '../../workers/diffusion/inpainting';
import type { Decode } from '../../workers/diffusion/tiles';
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

export const unetOf =
  (name: 'unet4' | 'unet9' | 'refiner'): Unet =>
  async ({ sample, timestep, prompt, pooled, timeIds }) => {
    const { out_sample } = await runTwin(name, {
      sample,
      timestep: { data: Float32Array.of(timestep), dims: [1] },
      encoder_hidden_states: prompt,
      text_embeds: pooled,
      time_ids: timeIds,
    });
    return out_sample!;
  };

export const encode: Encode = async (planes) => {
  const { mean, logvar } = await runTwin('vae_encoder', { sample: planes });
  return { mean: mean!, logvar: logvar! };
};

export const decode: Decode = async (latents) => {
  const { sample } = await runTwin('vae_decoder', { latent: latents });
  return sample!;
};
