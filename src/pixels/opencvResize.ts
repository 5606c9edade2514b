import type { Space } from '../core/geometry';
import type { OpencvKernel } from '../core/photo';
import type { Raster } from '../core/raster';
import { resize } from './resize';
export function opencvResize<S extends Space, T extends Space>(
  source: Raster<S>,
  width: number,
  height: number,
  _k: OpencvKernel,
): Raster<T> {
  return resize(source, width, height);
}
