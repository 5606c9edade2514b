/** Pictures into the VAE and out of it, as diffusers' VaeImageProcessor does it (spec B.2, B.4). */
import type { Space } from '../../src/core/geometry';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import { roundHalfEven } from '../../src/core/units';
import type { FloatTensor } from '../ort/tensor';

/** Pixels on each side that share one latent. */
export const LATENT_PX = 8;
const COLOURS = 3;

/** −1..1 by code, rounded to float32 after each operation. */
const SIGNED = Float32Array.from({ length: 256 }, (_, code) => 2 * Math.fround(code / 255) - 1);

/** RGBA bytes → RGB planes −1..1, [1, 3, height, width]; alpha is not looked at. */
export function planesOf({ width, height, data }: Raster<Space>): FloatTensor {
  const planePx = width * height;
  const out = new Float32Array(COLOURS * planePx);
  for (let c = 0; c < COLOURS; c += 1)
    for (let i = 0; i < planePx; i += 1) out[c * planePx + i] = SIGNED[data[i * CHANNELS + c]!]!;
  return { data: out, dims: [1, COLOURS, height, width] };
}

/**
 * Decoded RGB planes [1, 3, height, width] → opaque RGBA bytes: −1..1 becomes 0..255, rounded half to even, what lies
 * beyond is cut. NaN would become 0: check first (`expectFinite`).
 * @throws RangeError for another shape.
 */
export function pictureOf<S extends Space>({ data, dims }: FloatTensor): Raster<S> {
  const [batch, colours, height, width] = dims;
  if (dims.length !== 4 || batch !== 1 || colours !== COLOURS)
    throw new RangeError(`decoded planes are [1, 3, height, width], got [${dims.join(', ')}]`);
  const out = raster<S>(width!, height!);
  const planePx = width! * height!;
  for (let c = 0; c < COLOURS; c += 1)
    for (let i = 0; i < planePx; i += 1) out.data[i * CHANNELS + c] = codeOf(data[c * planePx + i]!);
  for (let i = COLOURS; i < out.data.length; i += CHANNELS) out.data[i] = 255;
  return out;
}

/** In float32, operation by operation; the array that takes it clamps. */
function codeOf(signed: number): number {
  return roundHalfEven(Math.fround(255 * Math.fround(0.5 * signed + 0.5)));
}
