/** The network's eyes as sharp as the photo: it draws them at the size of its strip, whatever the photo's is. */
import type { Space } from '../../src/core/geometry';
import type { Raster } from '../../src/core/raster';
import { sharpened } from '../../src/pixels/sharpen';
import { blurArea, lumaOf, sharpnessOf } from '../../src/pixels/sharpness';

/** Edge width of the network's own pictures, in strip px. */
const EDGE = 0.7;
const AMOUNTS = [0.5, 1, 1.5, 2, 3, 4] as const;
const BLURS_PX = [0.45, 0.6, 0.8, 1, 1.3, 1.7, 2.2, 3] as const;
/** Sharpness nearer than this to the photo's is left as it is (a factor). */
const ALIKE = 1.15;

/**
 * @param made the strip brought to the face square's size
 * @param photo the same part of the face square
 * @param pxPerStripPx how much larger the face square is
 * @returns `made`, sharpened or blurred; as it is where noise hides how sharp the photo is
 */
export function asSharpAs<S extends Space>(
  made: Raster<S>,
  photo: Raster<S>,
  pxPerStripPx: number,
): Raster<S> {
  const wanted = sharpnessOf(lumaOf(photo), photo);
  const found = sharpnessOf(lumaOf(made), made);
  if (wanted === null || found === null || Math.max(found / wanted, wanted / found) < ALIKE) return made;
  const whole = { x: 0, y: 0, width: made.width, height: made.height };
  const tries =
    found > wanted
      ? BLURS_PX.map((blurPx) => () => blurArea(made, whole, blurPx))
      : AMOUNTS.map((amount) => () => sharpened(made, EDGE * pxPerStripPx, amount));
  let best = made;
  let off = Math.abs(Math.log(found / wanted));
  for (const change of tries) {
    const changed = change();
    const sharpness = sharpnessOf(lumaOf(changed), changed);
    const now = sharpness === null ? Infinity : Math.abs(Math.log(sharpness / wanted));
    if (now >= off) break;
    off = now;
    best = changed;
  }
  return best;
}
