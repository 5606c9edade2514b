/** What the UNet is told of the prompts, from what the text encoders make of them (spec B.5). */
import type { FloatTensor } from '../ort/tensor';
import type { Conditions } from './denoise';
import type { Prompts } from './inpainting';
import type { TimeIds } from './timeIds';

/** What the text encoders make of one prompt. */
export interface Texts {
  /** [1, 77, features]; null for a refiner, which has no first encoder. */
  readonly first: FloatTensor | null;
  /** [1, 77, features] */
  readonly second: FloatTensor;
  /** Of the second encoder, [1, features]. */
  readonly pooled: FloatTensor;
}

/**
 * @param negative null: nothing but zeros. diffusers takes them where no negative prompt is given (an empty one is given)
 * and the checkpoint says `force_zeros_for_empty_prompt`; where it does not, the texts of ''.
 * @throws RangeError when the encoders' tokens are not as many
 */
export function promptsOf(positive: Texts, negative: Texts | null, timeIds: TimeIds): Prompts {
  const told = conditionsOf(positive, timeIds.positive);
  return {
    positive: told,
    negative: negative
      ? conditionsOf(negative, timeIds.negative)
      : { prompt: zeros(told.prompt), pooled: zeros(told.pooled), timeIds: timeIds.negative },
  };
}

function conditionsOf({ first, second, pooled }: Texts, timeIds: FloatTensor): Conditions {
  return { prompt: first ? joined(first, second) : second, pooled, timeIds };
}

/** Features of both encoders side by side, token by token. */
function joined(first: FloatTensor, second: FloatTensor): FloatTensor {
  const [, tokens, left] = first.dims;
  const [, others, right] = second.dims;
  if (tokens !== others) throw new RangeError(`${tokens} tokens cannot be joined with ${others}`);
  const features = left! + right!;
  const data = new Float32Array(tokens! * features);
  for (let t = 0; t < tokens!; t += 1) {
    data.set(first.data.subarray(t * left!, (t + 1) * left!), t * features);
    data.set(second.data.subarray(t * right!, (t + 1) * right!), t * features + left!);
  }
  return { data, dims: [1, tokens!, features] };
}

function zeros({ data, dims }: FloatTensor): FloatTensor {
  return { data: new Float32Array(data.length), dims };
}
