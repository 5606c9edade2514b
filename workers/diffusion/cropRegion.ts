import { type Rect, rect, type Space } from '../../src/core/geometry';
import type { Grey } from './mask';

/** Half-open, on one axis. */
type Span = readonly [from: number, to: number];

/**
 * diffusers' `get_crop_region`, spec B.10: the rectangle round all that the mask touches (any value above 0), grown
 * by `padPx`, cut to the picture, then grown on one axis towards the shape of `width` × `height`, as far as the
 * picture goes. Null for an empty mask, with which diffusers would go astray.
 */
export function cropRegion<S extends Space>(
  mask: Grey,
  width: number,
  height: number,
  padPx: number,
): Rect<S> | null {
  const touched = touchedSpans(mask);
  if (!touched) return null;
  let [across, down] = touched;
  across = padded(across, padPx, mask.width);
  down = padded(down, padPx, mask.height);
  const wanted = width / height;
  const [w, h] = [lengthOf(across), lengthOf(down)];
  if (w / h > wanted) down = grown(down, Math.trunc(w / wanted - h), mask.height);
  else across = grown(across, Math.trunc(h * wanted - w), mask.width);
  return rect<S>(across[0], down[0], lengthOf(across), lengthOf(down));
}

function touchedSpans({ width, height, data }: Grey): readonly [Span, Span] | null {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      if (data[y * width + x] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  return right === 0
    ? null
    : [
        [left, right],
        [top, bottom],
      ];
}

function padded([from, to]: Span, padPx: number, side: number): Span {
  return [Math.max(from - padPx, 0), Math.min(to + padPx, side)];
}

/** By `more` px, the odd one at the end; moved back inside 0..side, then cut. */
function grown([from, to]: Span, more: number, side: number): Span {
  let start = from - Math.floor(more / 2);
  let end = to + more - Math.floor(more / 2);
  if (end >= side) [start, end] = [start - (end - side), side];
  if (start < 0) [start, end] = [0, end - start];
  return [start, Math.min(end, side)];
}

function lengthOf([from, to]: Span): number {
  return to - from;
}
