import type { Space } from '../core/geometry';
import { CHANNELS, expectSameSize, type Plane, type Raster, raster } from '../core/raster';

/**
 * `over` laid on `base` by `alpha`: 0 keeps the base pixel bit for bit, 1 takes the colour of `over`,
 * between them base + alpha · (over − base), rounded half to even, in the file's own (gamma) values.
 * The base keeps its transparency.
 * @throws RangeError when sizes differ.
 */
export function composite<S extends Space>(
  base: Raster<S>,
  over: Raster<S>,
  alpha: Plane<'0..1'>,
): Raster<S> {
  expectSameSize(base, over);
  expectSameSize(base, alpha);
  const result = raster<S>(base.width, base.height, base.data.slice());
  for (let pixel = 0; pixel < alpha.data.length; pixel += 1) {
    const weight = alpha.data[pixel]!;
    if (weight <= 0) continue;
    const i = pixel * CHANNELS;
    for (let c = 0; c < 3; c += 1) {
      const old = base.data[i + c]!;
      result.data[i + c] = old + Math.min(weight, 1) * (over.data[i + c]! - old);
    }
  }
  return result;
}
