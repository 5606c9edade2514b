/** The network's eyes as sharp as the photo: it draws them at the size of its strip, whatever the photo's is. */
import { rect, type Space } from '../../src/core/geometry';
import type { Raster } from '../../src/core/raster';
import { sharpener } from '../../src/pixels/sharpen';
import { ALIKE, BLURS_PX, blurArea, lumaOf, sharpnessOf } from '../../src/pixels/sharpness';

/** Edge width of the network's own pictures, in strip px. */
const EDGE = 0.7;
/** Of sharpening, to choose from. */
const AMOUNTS = [0.5, 1, 1.5, 2, 3, 4] as const;

/**
 * @param photo a part of the face square
 * @param pxPerStripPx how much larger than the strip it is
 * @returns for strips brought to that part: each sharpened or blurred; as it is where noise hides how sharp the photo is
 */
export function asSharpAs<S extends Space>(
  photo: Raster<S>,
  pxPerStripPx: number,
): (made: Raster<S>) => Raster<S> {
  const wanted = sharpnessOf(lumaOf(photo), photo);
  return (made) => (wanted === null ? made : matched(made, wanted, pxPerStripPx));
}

function matched<S extends Space>(made: Raster<S>, wanted: number, pxPerStripPx: number): Raster<S> {
  const found = sharpnessOf(lumaOf(made), made);
  if (found === null || Math.max(found / wanted, wanted / found) < ALIKE) return made;
  const change = found > wanted ? blurrer(made) : sharpener(made, EDGE * pxPerStripPx);
  let best = made;
  let off = Math.abs(Math.log(found / wanted));
  for (const much of found > wanted ? BLURS_PX : AMOUNTS) {
    const changed = change(much);
    const sharpness = sharpnessOf(lumaOf(changed), changed);
    const now = sharpness === null ? Infinity : Math.abs(Math.log(sharpness / wanted));
    if (now >= off) break;
    off = now;
    best = changed;
  }
  return best;
}

function blurrer<S extends Space>(picture: Raster<S>): (sigmaPx: number) => Raster<S> {
  const whole = rect<S>(0, 0, picture.width, picture.height);
  return (sigmaPx) => blurArea(picture, whole, sigmaPx);
}
