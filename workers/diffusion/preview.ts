/** What a step of the loop looks like, without the decoder: one pixel a latent. */
import type { Space } from '../../src/core/geometry';
import type { Raster } from '../../src/core/raster';
import type { FloatTensor } from '../ort/tensor';
import { pictureOf } from './picture';

/**
 * Red, green and blue (−1..1) of one unit of each latent channel, and of no latent at all: the least-squares fit to
 * decoded pictures that ComfyUI publishes for SDXL (comfy/latent_formats.py, `latent_rgb_factors` and its bias).
 */
const FACTORS: readonly (readonly number[])[] = [
  [0.3651, 0.4232, 0.4341],
  [-0.2533, -0.0042, 0.1068],
  [0.1076, 0.1111, -0.0362],
  [-0.3165, -0.2492, -0.2188],
];
const BIAS: readonly number[] = [0.1084, -0.0175, -0.0011];

/**
 * SDXL latents [1, 4, height, width] at the scheduler's scale, best the predicted clean ones → opaque picture of
 * width × height px. NaN would become 0: check first (`expectFinite`).
 * @throws RangeError for another shape.
 */
export function latentPreview<S extends Space>({ data, dims }: FloatTensor): Raster<S> {
  const [batch, channels, height, width] = dims;
  if (dims.length !== 4 || batch !== 1 || channels !== FACTORS.length)
    throw new RangeError(`latents to show are [1, 4, height, width], got [${dims.join(', ')}]`);
  const planePx = width! * height!;
  const planes = new Float32Array(BIAS.length * planePx);
  BIAS.forEach((bias, colour) => {
    for (let i = 0; i < planePx; i += 1)
      planes[colour * planePx + i] = FACTORS.reduce(
        (sum, row, c) => sum + row[colour]! * data[c * planePx + i]!,
        bias,
      );
  });
  return pictureOf<S>({ data: planes, dims: [1, BIAS.length, height!, width!] });
}
