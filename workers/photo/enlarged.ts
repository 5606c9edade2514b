/** A photo enlarged by a whole factor, with restored faces at the size that the restorer drew them. */
import { type Rect, rect, type Space, scaleOf } from '../../src/core/geometry';
import type { Raster } from '../../src/core/raster';
import { composite } from '../../src/pixels/composite';
import { opencvResize } from '../../src/pixels/opencvResize';
import { rasterAt } from '../../src/pixels/window';
import { placedMask, placedSquare } from '../restoration/layer';
import { pasteFrame } from '../restoration/pasteFrame';
import { flatten, type Patch, paste } from './patch';

/**
 * As CodeFormer's helper does it: linear, and faces laid on in the order they were placed. A face that is larger in the photo than
 * the restorer draws is only enlarged with it: there is more detail in the photo.
 */
export function enlargedPhoto(
  picture: Raster<'photo'>,
  patches: Iterable<Patch>,
  factor: number,
): Raster<'photo'> {
  const { width, height } = picture;
  const all = [...patches];
  const flat = flatten(picture, all, rect(0, 0, width, height));
  const enlarged = opencvResize<'photo', 'photo'>(flat, width * factor, height * factor, 'linear');
  for (const { fine } of all) {
    if (!fine || scaleOf(fine.toSquare) < 1) continue;
    const frame = pasteFrame(fine.toSquare, picture, factor);
    const area = frame.area as Rect<Space> as Rect<'photo'>;
    const face = placedSquare(fine.face, frame) as Raster<Space> as Raster<'photo'>;
    const laid = composite(rasterAt(enlarged, area), face, placedMask(frame, fine.parsed));
    paste(enlarged, laid, area);
  }
  return enlarged;
}
