/** Edges made steeper without halos, for a picture that was enlarged. */
import type { Space } from '../core/geometry';
import { CHANNELS, type Raster, raster } from '../core/raster';
import { clamp } from '../core/units';
import { blurPlane, lumaOf } from './sharpness';

/**
 * Unsharp masking of the luma that never leaves the range of its neighbourhood: edges become steeper, and get no dark
 * or bright seams beside them. Colours move with the luma.
 * @param sigmaPx deviation of what counts as an edge's width; the neighbourhood reaches as far
 * @returns the picture sharpened by an amount; 0: as it is
 */
export function sharpener<S extends Space>(
  picture: Raster<S>,
  sigmaPx: number,
): (amount: number) => Raster<S> {
  const { width, height, data } = picture;
  const luma = lumaOf(picture);
  const soft = blurPlane(luma, width, height, sigmaPx);
  const reach = Math.max(1, Math.round(sigmaPx));
  const lowest = extremes(luma, width, height, reach, Math.min);
  const highest = extremes(luma, width, height, reach, Math.max);
  return (amount) => {
    const out = raster<S>(width, height, data.slice());
    for (let i = 0; i < luma.length; i += 1) {
      const steeper = luma[i]! + amount * (luma[i]! - soft[i]!);
      const by = clamp(steeper, lowest[i]!, highest[i]!) - luma[i]!;
      for (let c = 0; c < 3; c += 1) out.data[i * CHANNELS + c] = data[i * CHANNELS + c]! + by;
    }
    return out;
  };
}

/** Smallest or largest value within `reach` px across and down. */
function extremes(
  plane: Float32Array,
  width: number,
  height: number,
  reach: number,
  pick: (a: number, b: number) => number,
): Float32Array {
  const across = new Float32Array(plane.length);
  const out = new Float32Array(plane.length);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      let value = plane[y * width + x]!;
      for (let k = Math.max(0, x - reach); k <= Math.min(width - 1, x + reach); k += 1)
        value = pick(value, plane[y * width + k]!);
      across[y * width + x] = value;
    }
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      let value = across[y * width + x]!;
      for (let k = Math.max(0, y - reach); k <= Math.min(height - 1, y + reach); k += 1)
        value = pick(value, across[k * width + x]!);
      out[y * width + x] = value;
    }
  return out;
}
