import type { Space } from '../core/geometry';
import type { OpencvKernel } from '../core/photo';
import { type Raster, raster } from '../core/raster';
import { resizeArea } from './resizeArea';
import { resizeLanczos4 } from './resizeLanczos4';
import { resizeLinear } from './resizeLinear';

const KERNELS = { linear: resizeLinear, area: resizeArea, lanczos4: resizeLanczos4 } as const;

/**
 * What `cv2.resize` 5.0 makes of 8-bit RGBA, bit for bit: the whole picture at `width` × `height` pixels,
 * alpha treated like a colour. The reference must pass a size: a call with fx and fy is `enlargeLinear`.
 * @throws RangeError when the size is not whole and positive
 */
export function opencvResize<S extends Space, T extends Space>(
  source: Raster<S>,
  width: number,
  height: number,
  kernel: OpencvKernel,
): Raster<T> {
  // OpenCV copies too; the kernels would come to the same, slowly.
  if (source.width === width && source.height === height)
    return raster<T>(width, height, source.data.slice());
  return KERNELS[kernel]<S, T>(source, width, height);
}
