/** The graphs of tools/models/sdxl as functions: names of inputs and outputs are known here, and nowhere else. */
import { asFloats, type FloatTensor, type Tensors } from '../ort/tensor';
import type { Unet } from './denoise';
import type { Encode } from './inpainting';
import type { Decode } from './tiles';

/** One run of a network. */
export type Run = (feeds: Tensors) => Promise<Tensors>;

/** What a text encoder makes of 77 ids: [1, 77, features], and of the second encoder [1, features]. */
export interface Encoded {
  readonly hidden: FloatTensor;
  readonly pooled: FloatTensor | null;
}

export function unetOf(run: Run): Unet {
  return async ({ sample, timestep, prompt, pooled, timeIds }) => {
    const outputs = await run({
      sample,
      timestep: { data: Float32Array.of(timestep), dims: [1] },
      encoder_hidden_states: prompt,
      text_embeds: pooled,
      time_ids: timeIds,
    });
    return output(outputs, 'out_sample');
  };
}

export function encodeOf(run: Run): Encode {
  return async (planes) => {
    const outputs = await run({ sample: planes });
    return { mean: output(outputs, 'mean'), logvar: output(outputs, 'logvar') };
  };
}

export function decodeOf(run: Run): Decode {
  return async (latent) => output(await run({ latent }), 'sample');
}

export function textEncoderOf(run: Run): (ids: Int32Array<ArrayBuffer>) => Promise<Encoded> {
  return async (ids) => {
    const outputs = asFloats(await run({ input_ids: { data: ids, dims: [1, ids.length] } }));
    return { hidden: output(outputs, 'hidden'), pooled: outputs['pooled'] ?? null };
  };
}

function output(outputs: Tensors, name: string): FloatTensor {
  const tensor = asFloats(outputs)[name];
  if (!tensor) throw new RangeError(`the network gives no ${name}`);
  return tensor;
}
