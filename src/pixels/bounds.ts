import { boundsOf, point, type Rect, rect, type Space } from '../core/geometry';
import type { Plane } from '../core/raster';

/** Blending looks at the pixels beside its own: grain is measured over 2 × 2 px and their neighbours. */
const BLEND_RIM_PX = 8;

/** What a candidate with this mask has to cover: the masked pixels and a rim. Of an empty mask, all. */
export function areaToBlend(mask: Plane<'0..1'>): Rect<'crop'> {
  const whole = rect<'crop'>(0, 0, mask.width, mask.height);
  const { x, y, width, height } = boundsOfPlane<'crop'>(mask) ?? whole;
  return boundsOf([point<'crop'>(x, y), point<'crop'>(x + width, y + height)], BLEND_RIM_PX, whole);
}

/** Smallest rectangle that holds every value above 0; null when there is none. */
export function boundsOfPlane<S extends Space>(mask: Plane<'0..1'>): Rect<S> | null {
  const { width, height, data } = mask;
  let left = width;
  let right = -1;
  let top = -1;
  let bottom = -1;
  for (let y = 0; y < height; y++) {
    const start = y * width;
    let first = -1;
    for (let x = 0; x < width; x++) {
      if (data[start + x]! <= 0) continue;
      if (first < 0) first = x;
      if (x > right) right = x;
    }
    if (first < 0) continue;
    if (first < left) left = first;
    if (top < 0) top = y;
    bottom = y;
  }
  return top < 0 ? null : rect(left, top, right - left + 1, bottom - top + 1);
}
