/** What a restorer made of a face, brought to the photo's own pixels. */
import { type Affine, type Rect, rect, type Size, type Space } from '../../src/core/geometry';
import type { CropFrame } from '../../src/core/photo';
import { CHANNELS, type Plane, plane, type Raster, raster } from '../../src/core/raster';
import type { Laid, RestoredSquare, RestoreExtent } from '../../src/core/restoration';
import { boundsOfPlane } from '../../src/pixels/bounds';
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
  if (!frame.area.width || !frame.area.height) return null;
  if (extent === 'eyes') {
    if (!own) return null;
    const ownFrame = { ...frame, area: own.area as Rect<Space> as Rect<'enlarged'> };
    return laidOver(picture, own.area, renew(own.colours, ownFrame, own.alpha), own.alpha);
  }
  const counts = placedMask(frame, restored.parsed);
  const area = frame.area as Rect<Space> as Rect<'photo'>;
  const before = flatten(picture, under.patches, area);
  const whole: Patch = { area, colours: renew(before, frame, counts), alpha: counts };
  const { colours, alpha } = own ? laidOn(own, whole) : whole;
  const laid = laidOver(picture, area, colours, alpha);
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

/**
 * Both in one, over the area of `top`: to lay it on is to lay on the one and then the other. No more than they cover together is
 * covered: what else lies there can be taken off.
 */
function laidOn(own: Patch, top: Patch): Patch {
  const { area } = top;
  const colours = raster<'photo'>(area.width, area.height, top.colours.data.slice());
  const alpha = plane<'0..1'>(area.width, area.height, top.alpha.data.slice());
  const right = Math.min(area.x + area.width, own.area.x + own.area.width);
  const bottom = Math.min(area.y + area.height, own.area.y + own.area.height);
  for (let y = Math.max(area.y, own.area.y); y < bottom; y += 1)
    for (let x = Math.max(area.x, own.area.x); x < right; x += 1) {
      const to = (y - area.y) * area.width + x - area.x;
      const from = (y - own.area.y) * own.area.width + x - own.area.x;
      const share = top.alpha.data[to]!;
      const beneath = (1 - share) * own.alpha.data[from]!;
      if (beneath <= 0) continue;
      alpha.data[to] = share + beneath;
      for (let c = 0; c < 3; c += 1) {
        const [over, below] = [top.colours.data[to * CHANNELS + c]!, own.colours.data[from * CHANNELS + c]!];
        colours.data[to * CHANNELS + c] = (share * over + beneath * below) / (share + beneath);
      }
    }
  return { area, colours, alpha };
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
