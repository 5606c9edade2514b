import type { Rect, Space } from '../core/geometry';
import { CHANNELS, type Plane, plane, type Range, type Raster, raster } from '../core/raster';

/** A copy of a rectangle of whole pixels, which lies inside the picture. */
export function rasterAt<S extends Space>(picture: Raster<S>, area: Rect<S>): Raster<S> {
  const copy = raster<S>(area.width, area.height);
  for (let y = 0; y < area.height; y += 1) {
    const from = ((area.y + y) * picture.width + area.x) * CHANNELS;
    copy.data.set(picture.data.subarray(from, from + area.width * CHANNELS), y * area.width * CHANNELS);
  }
  return copy;
}

/** The same for a plane. */
export function planeAt<R extends Range>(source: Plane<R>, area: Rect<Space>): Plane<R> {
  const copy = plane<R>(area.width, area.height);
  for (let y = 0; y < area.height; y += 1) {
    const from = (area.y + y) * source.width + area.x;
    copy.data.set(source.data.subarray(from, from + area.width), y * area.width);
  }
  return copy;
}
