import { type Rect, rect, type Space } from '../core/geometry';
import type { Plane } from '../core/raster';

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
