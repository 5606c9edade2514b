/** What a restorer made of a face, brought to the photo's own pixels. */
import { type Affine, type Rect, rect, type Size, type Space } from '../../src/core/geometry';
import type { CropFrame } from '../../src/core/photo';
import { CHANNELS, type Plane, plane, type Raster, raster } from '../../src/core/raster';
import type { Laid, RestoredSquare, RestoreExtent } from '../../src/core/restoration';
import { boundsOfPlane } from '../../src/pixels/bounds';
import { composite } from '../../src/pixels/composite';
import { addGrain, measureGrain, missingGrain } from '../../src/pixels/grain';
import { planeAt, rasterAt } from '../../src/pixels/window';
import { grayFace, isGray } from '../restoration/gray';
import { placedMask, placedSquare } from '../restoration/layer';
import { type PasteFrame, pasteFrame } from '../restoration/pasteFrame';
import { flatten, type Patch } from './patch';

/** A photo and what lies over it. */
interface Under {
  readonly picture: Raster<'photo'>;
  /** In the order they were placed. */
  readonly patches: readonly Patch[];
  /** What is placed for the face itself. */
  readonly own: Patch | null;
}

interface Restored extends Pick<RestoredSquare, 'face' | 'parsed'> {
  readonly frame: CropFrame;
  /** What the restorer saw. */
  readonly seen: Raster<'crop'>;
}

const GRAIN_SEED = 20_023;

/** @returns null: nothing of the photo changes */
export function fitRestored(
  under: Under,
  restored: Restored,
  extent: RestoreExtent,
  grainMatch: boolean,
): Laid | null {
  const { picture, own } = under;
  const face = isGray(picture) ? grayFace(restored.face, restored.seen) : restored.face;
  const renew = (before: Raster<'photo'>, at: PasteFrame, counts: Plane<'0..1'>) => {
    const changed = withChange(before, placedSquare(restored.seen, at), placedSquare(face, at));
    return grainMatch ? withGrainOf(before, changed, counts) : changed;
  };
  // Pixels of the photo are those of the enlarged one.
  const frame = pasteFrame(restored.frame.toCrop, picture, 1);
  if (extent === 'eyes') {
    if (!own) return null;
    const ownFrame = { ...frame, area: own.area as Rect<Space> as Rect<'enlarged'> };
    return laidOver(picture, own.area, renew(own.colours, ownFrame, own.alpha), own.alpha);
  }
  const counts = placedMask(frame, restored.parsed);
  const area = frame.area as Rect<Space> as Rect<'photo'>;
  const before = flatten(picture, under.patches, area);
  const result = composite(before, renew(before, frame, counts), counts);
  const alpha = plane<'0..1'>(
    area.width,
    area.height,
    counts.data.map((share) => (share > 0 ? 1 : 0)),
  );
  const laid = laidOver(picture, area, result, own ? united(alpha, area, own) : alpha);
  const fine = { toSquare: restored.frame.toCrop, face, parsed: restored.parsed };
  return laid && { ...laid, square: { ...laid.square, fine } };
}

/**
 * What the restorer changed, added to what is there: detail that the square is too coarse for was in neither of its
 * pictures, and stays.
 */
function withChange(
  before: Raster<'photo'>,
  seen: Raster<'enlarged'>,
  face: Raster<'enlarged'>,
): Raster<'photo'> {
  const data = before.data.slice();
  for (let i = 0; i < data.length; i += 1)
    if (i % CHANNELS < 3) data[i] = before.data[i]! + face.data[i]! - seen.data[i]!;
  return raster(before.width, before.height, data);
}

function withGrainOf(
  before: Raster<'photo'>,
  changed: Raster<'photo'>,
  counts: Plane<'0..1'>,
): Raster<'photo'> {
  const area = boundsOfPlane<'photo'>(counts);
  const wanted = area && measureGrain(before, counts, area);
  const found = area && measureGrain(changed, counts, area);
  if (!wanted || !found) return changed;
  const missing = missingGrain(wanted, found);
  // Where nothing was smoothed, the soft edge mixes a picture with itself and loses nothing.
  const lost = { fine: Math.sqrt(missing.white), coarse: 0 };
  return addGrain(changed, area, missing, lost, counts, GRAIN_SEED);
}

/** Also where the face's own patch reaches beyond: this one takes its place. */
function united(alpha: Plane<'0..1'>, area: Rect<'photo'>, own: Patch): Plane<'0..1'> {
  const data = alpha.data.slice();
  for (let y = 0; y < own.area.height; y += 1)
    for (let x = 0; x < own.area.width; x += 1) {
      const column = own.area.x + x - area.x;
      const row = own.area.y + y - area.y;
      const inside = column >= 0 && row >= 0 && column < area.width && row < area.height;
      if (inside && own.alpha.data[y * own.area.width + x]! > 0) data[row * area.width + column] = 1;
    }
  return plane(area.width, area.height, data);
}

/** In a square that is the photo itself. @returns null where nothing counts */
function laidOver(
  photo: Size,
  area: Rect<'photo'>,
  pixels: Raster<'photo'>,
  alpha: Plane<'0..1'>,
): Laid | null {
  const counts = boundsOfPlane<'photo'>(alpha);
  if (!counts) return null;
  const sidePx = Math.max(photo.width, photo.height);
  const same = { a: 1, b: 0, c: 0, d: 1, tx: 0, ty: 0 };
  const frame = { sidePx, toCrop: same as Affine<'photo', 'crop'>, toPhoto: same as Affine<'crop', 'photo'> };
  const square = {
    sidePx,
    area: rect<'crop'>(area.x + counts.x, area.y + counts.y, counts.width, counts.height),
    pixels: rasterAt(pixels, counts) as Raster<Space> as Raster<'crop'>,
    alpha: planeAt(alpha, counts),
  };
  return { frame, square };
}
