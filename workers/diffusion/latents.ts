/** Arithmetic on latents, [batch, 4, height / 8, width / 8], in float32 operation by operation (spec B.4, B.9). */
import { AppError } from '../../src/core/errors';
import { clamp } from '../../src/core/units';
import { areFinite, expectSameDims, type FloatTensor } from '../ort/tensor';

/** `scaling_factor` of SDXL's VAE: its latents have a deviation of about 1 / 0.13025. */
export const SCALING_FACTOR = 0.13025;
const SCALING = Math.fround(SCALING_FACTOR);
const LOWEST_LOGVAR = -30;
const HIGHEST_LOGVAR = 20;

/**
 * A draw from the VAE encoder's normal distributions: mean + exp(logvar / 2) · noise; not yet scaled. diffusers always
 * draws (`sample_mode` 'sample') and never takes the mean.
 * @throws RangeError when shapes differ.
 */
export function sampled(mean: FloatTensor, logvar: FloatTensor, noise: FloatTensor): FloatTensor {
  expectSameDims(mean, logvar);
  expectSameDims(mean, noise);
  const data = mean.data.map((centre, i) => {
    const bounded = clamp(logvar.data[i]!, LOWEST_LOGVAR, HIGHEST_LOGVAR);
    const deviation = Math.fround(Math.exp(Math.fround(0.5 * bounded)));
    return centre + Math.fround(deviation * noise.data[i]!);
  });
  return { data, dims: mean.dims };
}

/** From the VAE encoder's scale to the scheduler's. */
export function scaled({ data, dims }: FloatTensor): FloatTensor {
  return { data: data.map((value) => value * SCALING), dims };
}

/** From the scheduler's scale to the VAE decoder's. */
export function unscaled({ data, dims }: FloatTensor): FloatTensor {
  return { data: data.map((value) => value / SCALING), dims };
}

/**
 * What a 9-channel UNet takes, [batch, 9, h, w]: latents (scaled by the scheduler), then mask and masked latents (not
 * scaled). Of the last two there may be one for the whole batch.
 * @throws RangeError when shapes do not fit.
 */
export function joinedForInpainting(
  latents: FloatTensor,
  mask: FloatTensor,
  maskedLatents: FloatTensor,
): FloatTensor {
  const [batch, channels, height, width] = shapeOf(latents, 4);
  const parts = [latents, mask, maskedLatents];
  const widths = [channels, 1, channels];
  const perItem = widths.map((count) => count * height * width);
  const total = perItem.reduce((sum, length) => sum + length, 0);
  const out = new Float32Array(batch * total);
  let at = 0;
  for (let n = 0; n < batch; n += 1)
    for (const [k, part] of parts.entries()) {
      const [items] = shapeOf(part, widths[k]!, height, width);
      if (items !== batch && items !== 1)
        throw new RangeError(`a batch of ${batch} cannot be joined with one of ${items}`);
      const from = (items === 1 ? 0 : n) * perItem[k]!;
      out.set(part.data.subarray(from, from + perItem[k]!), at);
      at += perItem[k]!;
    }
  return { data: out, dims: [batch, total / (height * width), height, width] };
}

/**
 * After a step of a 4-channel UNet: what the mask does not paint anew is put back, (1 − m) · keep + m · latents.
 * @param keep the picture's latents, noised to the step that comes next; clean after the last.
 * @param mask [1, 1, h, w], for each item and channel.
 * @throws RangeError when shapes do not fit.
 */
export function keptOutside(keep: FloatTensor, mask: FloatTensor, latents: FloatTensor): FloatTensor {
  expectSameDims(latents, keep);
  const [, , height, width] = shapeOf(latents, 4);
  const [items] = shapeOf(mask, 1, height, width);
  if (items !== 1) throw new RangeError(`one mask is for all latents, got ${items}`);
  const planeSize = height * width;
  const data = latents.data.map((value, i) => {
    const share = mask.data[i % planeSize]!;
    return Math.fround(Math.fround(1 - share) * keep.data[i]!) + Math.fround(share * value);
  });
  return { data, dims: latents.dims };
}

/**
 * A network that overflowed or met a broken driver gives NaN or infinity, which ends as a black picture.
 * @param where names the tensor: 'latents after step 3'.
 * @throws AppError GEN_001, reason 'not-finite'.
 */
export function expectFinite({ data }: FloatTensor, where: string): void {
  if (areFinite(data)) return;
  const at = data.findIndex((value) => !Number.isFinite(value));
  throw new AppError('GEN_001', `${where}: value ${at} of ${data.length} is ${data[at]}`, {
    reason: 'not-finite',
    where,
  });
}

/** @throws RangeError when the tensor is not [any, channels, height (any), width (any)]. */
function shapeOf(
  { dims }: FloatTensor,
  channels: number,
  height = dims[2],
  width = dims[3],
): readonly [number, number, number, number] {
  if (dims.length !== 4 || dims[1] !== channels || dims[2] !== height || dims[3] !== width)
    throw new RangeError(
      `wanted [batch, ${channels}, ${height ?? 'h'}, ${width ?? 'w'}], got [${dims.join(', ')}]`,
    );
  return dims as readonly number[] as readonly [number, number, number, number];
}
