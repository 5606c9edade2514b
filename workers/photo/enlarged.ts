/** A photo enlarged by a whole factor, with restored faces at the size that the restorer drew them. */

import type { FineFace } from '../../src/core/generation';
import { type Rect, rect, type Space, scaleOf, scaling } from '../../src/core/geometry';
import type { Raster } from '../../src/core/raster';
import { composite } from '../../src/pixels/composite';
import { opencvResize } from '../../src/pixels/opencvResize';
import { REPLICATE, warpPlane, warpRaster } from '../../src/pixels/warp';
import { rasterAt } from '../../src/pixels/window';
import { placedMask, placedSquare } from '../restoration/layer';
import { pasteFrame } from '../restoration/pasteFrame';
import { flatten, type Patch, paste } from './patch';

/** Rows of a patch enlarged at once: one of a large face would take as much memory as the photo. */
const STRIP_ROWS = 256;

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
  // What is placed after a restored face must not come under it: it cannot be enlarged together with the photo.
  const firstFine = all.findIndex((patch) => finerFace(patch) !== null);
  const together = firstFine < 0 ? all.length : firstFine + 1;
  const flat = flatten(picture, all.slice(0, together), rect(0, 0, width, height));
  const enlarged = opencvResize<'photo', 'photo'>(flat, width * factor, height * factor, 'linear');
  for (const [i, patch] of all.entries()) {
    if (i >= together) layEnlarged(enlarged, patch, factor);
    const fine = finerFace(patch);
    if (fine) layFine(enlarged, fine, picture, factor);
  }
  return enlarged;
}

/** Null: the photo's own pixels tell as much. */
function finerFace({ fine }: Patch): FineFace | null {
  return fine && scaleOf(fine.toSquare) >= 1 ? fine : null;
}

function layEnlarged(enlarged: Raster<'photo'>, { area, colours, alpha }: Patch, factor: number): void {
  const toPatch = scaling<'photo', 'photo'>(1 / factor, 1 / factor);
  const width = area.width * factor;
  const height = area.height * factor;
  for (let y = 0; y < height; y += STRIP_ROWS) {
    const rows = Math.min(STRIP_ROWS, height - y);
    const strip = { width, height: rows, origin: { x: 0, y }, border: REPLICATE };
    const at = rect<'photo'>(area.x * factor, area.y * factor + y, width, rows);
    const over = warpRaster(colours, toPatch, { ...strip, filter: 'bilinear' });
    paste(enlarged, composite(rasterAt(enlarged, at), over, warpPlane(alpha, toPatch, strip)), at);
  }
}

function layFine(enlarged: Raster<'photo'>, fine: FineFace, picture: Raster<'photo'>, factor: number): void {
  const frame = pasteFrame(fine.toSquare, picture, factor);
  const area = frame.area as Rect<Space> as Rect<'photo'>;
  const face = placedSquare(fine.face, frame) as Raster<Space> as Raster<'photo'>;
  const laid = composite(rasterAt(enlarged, area), face, placedMask(frame, fine.parsed));
  paste(enlarged, laid, area);
}
