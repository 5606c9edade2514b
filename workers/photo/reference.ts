/** What reference algorithms see of a photo, as OpenCV makes it. */
import type { Rgb } from '../../src/core/colour';
import type { CropFrame, RegionRequest } from '../../src/core/photo';
import type { Raster } from '../../src/core/raster';
import { opencvResize } from '../../src/pixels/opencvResize';
import { enlargeLinear } from '../../src/pixels/resizeLinear';
import { warpRaster } from '../../src/pixels/warp';

/** The whole picture at the wanted size. */
export function referenceRegion(
  picture: Raster<'photo'>,
  { widthPx, heightPx }: RegionRequest,
  { kernel, enlargedBy }: NonNullable<RegionRequest['reference']>,
): Raster<'view'> {
  const from = enlargedBy ? enlargeLinear<'photo', 'photo'>(picture, enlargedBy) : picture;
  return opencvResize(from, widthPx, heightPx, kernel);
}

/** `cv2.warpAffine`, bilinear. */
export function referenceSquare(
  picture: Raster<'photo'>,
  { sidePx, toPhoto }: CropFrame,
  { red, green, blue }: Rgb,
): Raster<'crop'> {
  const border = { kind: 'constant', values: [red, green, blue, 255] } as const;
  return warpRaster(picture, toPhoto, { width: sidePx, height: sidePx, border, filter: 'bilinear' });
}
