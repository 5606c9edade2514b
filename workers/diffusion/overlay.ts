import type { Space } from '../../src/core/geometry';
import { CHANNELS, expectSameSize, type Raster, raster } from '../../src/core/raster';
import type { Grey } from './mask';

/** Extra bits of Pillow's alpha compositing. */
const PRECISION_BITS = 7;

/**
 * The original laid over the generated picture through a soft mask: diffusers' `apply_overlay` without a crop, in
 * Pillow's integers, bit for bit (spec B.10), within 1.5 codes of a plain mixture. Where the mask is 0 the original
 * stays exactly, where it is 255 the generated picture is taken exactly. Alpha is the original's, and not looked at.
 * @param mask the soft one, not the binarised: 255 is generated.
 * @throws RangeError when sizes differ.
 */
export function overlayOriginal<S extends Space>(
  original: Raster<S>,
  generated: Raster<S>,
  mask: Grey,
): Raster<S> {
  expectSameSize(original, generated);
  expectSameSize(original, mask);
  const result = raster<S>(original.width, original.height, original.data.slice());
  for (let pixel = 0; pixel < mask.data.length; pixel += 1) {
    const kept = 255 - mask.data[pixel]!;
    const i = pixel * CHANNELS;
    for (let c = i; c < i + 3; c += 1) result.data[c] = overlaid(original.data[c]!, generated.data[c]!, kept);
  }
  return result;
}

/**
 * One code: premultiplied by alpha, divided out again, composited on an opaque picture.
 * @param kept alpha of the original, 0..255
 */
function overlaid(original: number, generated: number, kept: number): number {
  const premultiplied = by255(original * kept + 128);
  // At most 255: no code is premultiplied to more than its alpha.
  const straight = kept === 0 ? 0 : Math.floor((255 * premultiplied) / kept);
  const share = kept << PRECISION_BITS;
  const rest = (255 << PRECISION_BITS) - share;
  return by255(straight * share + generated * rest + (128 << PRECISION_BITS)) >> PRECISION_BITS;
}

/** Division by 255 without dividing; with a half added before, rounded. */
function by255(value: number): number {
  return ((value >> 8) + value) >> 8;
}
