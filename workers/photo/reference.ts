/** What reference algorithms see of a photo, as OpenCV makes it. */
import type { CropFrame, RegionRequest } from '../../src/core/photo';
import type { Raster } from '../../src/core/raster';
import { opencvResize } from '../../src/pixels/opencvResize';
import { enlargeLinear } from '../../src/pixels/resizeLinear';
import { warpRaster } from '../../src/pixels/warp';

const BLACK = { kind: 'constant', values: [0, 0, 0, 0] } as const;

/** The whole picture at the wanted size. */
export function referenceRegion(
  picture: Raster<'photo'>,
  { widthPx, heightPx }: RegionRequest,
  { kernel, enlargedBy }: NonNullable<RegionRequest['reference']>,
): Raster<'view'> {
  const from = enlargedBy ? enlargeLinear<'photo', 'photo'>(picture, enlargedBy) : picture;
  return opencvResize(from, widthPx, heightPx, kernel);
}

/** `cv2.warpAffine`, bilinear, black outside. */
export function referenceSquare(picture: Raster<'photo'>, { sidePx, toPhoto }: CropFrame): Raster<'crop'> {
  return warpRaster(picture, toPhoto, { width: sidePx, height: sidePx, border: BLACK, filter: 'bilinear' });
}
