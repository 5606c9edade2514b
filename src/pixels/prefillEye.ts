import type { Rgb } from '../core/colour';
import type { Space } from '../core/geometry';
import type { Raster } from '../core/raster';
export function prefillEyes<S extends Space>(
  picture: Raster<S>,
  _eyes: unknown,
  _iris: Rgb | null,
): Raster<S> {
  return picture;
}
