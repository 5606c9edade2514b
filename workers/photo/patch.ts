/** A placed face: new colours and how much of them counts, over a rectangle of the photo that is never changed itself. */

import type { Blended, FineFace } from '../../src/core/generation';
import {
  type Affine,
  apply,
  boundsOf,
  compose,
  type Point,
  point,
  type Rect,
  rect,
  type Space,
  scaleOf,
  scaling,
  shift,
} from '../../src/core/geometry';
import type { CropFrame } from '../../src/core/photo';
import { CHANNELS, type Plane, plane, type Raster } from '../../src/core/raster';
import { boundsOfPlane } from '../../src/pixels/bounds';
import { composite } from '../../src/pixels/composite';
import { warpPlane } from '../../src/pixels/warp';
import { planeAt, rasterAt } from '../../src/pixels/window';
import { pyramidOf, warpedRows } from './pyramid';

const SMALLEST_SQUARE_PX = 64;

export interface Patch {
  readonly area: Rect<'photo'>;
  readonly colours: Raster<'photo'>;
  readonly alpha: Plane<'0..1'>;
  readonly fine?: FineFace;
}

/**
 * The square brought to the photo's own pixels, over the covered area only.
 * @returns null when the square covers nothing of the photo
 */
export function patchOf(
  square: Blended,
  frame: CropFrame,
  photo: { readonly width: number; readonly height: number },
): Patch | null {
  const { x, y } = square.area;
  const area = coveredArea(square.alpha, compose(shift<'crop', 'crop'>(x, y), frame.toPhoto), photo);
  if (area.width === 0 || area.height === 0) return null;
  const toSquare = compose(shift<'photo', 'photo'>(area.x, area.y), frame.toCrop);
  const toCrop = compose(toSquare, shift<'crop', 'crop'>(-x, -y));
  const alpha = averagedPlane(square.alpha, toCrop, area.width, area.height);
  const size = { width: area.width, top: 0, rows: area.height };
  // The same kernel as for cutting, the other way round: here the square is the picture.
  const colours = warpedRows(pyramidOf(square.pixels, SMALLEST_SQUARE_PX), toCrop, size);
  return { area, alpha, colours, ...(square.fine && { fine: square.fine }) };
}

/** The pixels of `area` with every patch that reaches into it laid on, in the order they were placed. */
export function flatten(
  picture: Raster<'photo'>,
  patches: Iterable<Patch>,
  area: Rect<'photo'>,
): Raster<'photo'> {
  const pixels = rasterAt(picture, area);
  for (const patch of patches) {
    const shared = overlap(area, patch.area);
    if (!shared) continue;
    const within = (outer: Rect<'photo'>) =>
      rect<'photo'>(shared.x - outer.x, shared.y - outer.y, shared.width, shared.height);
    const old = rasterAt(pixels, within(area));
    const laid = composite(
      old,
      rasterAt(patch.colours, within(patch.area)),
      planeAt(patch.alpha, within(patch.area)),
    );
    paste(pixels, laid, within(area));
  }
  return pixels;
}

/** Copies `source` into `target`, which the caller made, at `area`'s corner. */
export function paste<S extends Space>(target: Raster<S>, source: Raster<S>, area: Rect<S>): void {
  const row = source.width * CHANNELS;
  for (let y = 0; y < source.height; y += 1) {
    const to = ((area.y + y) * target.width + area.x) * CHANNELS;
    target.data.set(source.data.subarray(y * row, (y + 1) * row), to);
  }
}

/** Whole pixels of the photo that some alpha above 0 can reach: its box in the square, carried over. */
function coveredArea(
  alpha: Plane<'0..1'>,
  toPhoto: Affine<'crop', 'photo'>,
  photo: { readonly width: number; readonly height: number },
): Rect<'photo'> {
  const box = boundsOfPlane<'crop'>(alpha);
  if (!box) return rect(0, 0, 0, 0);
  // One pixel of the square more on each side: interpolation reaches that far.
  const corners: Point<'photo'>[] = [
    [box.x - 1, box.y - 1],
    [box.x + box.width + 1, box.y - 1],
    [box.x + box.width + 1, box.y + box.height + 1],
    [box.x - 1, box.y + box.height + 1],
  ].map(([x, y]) => apply(toPhoto, point<'crop'>(x!, y!)));
  return boundsOf(corners, 1, rect<'photo'>(0, 0, photo.width, photo.height));
}

/** Bilinear, 0 beyond the square; the mean of n × n samples where the square is finer than the photo. */
function averagedPlane(
  source: Plane<'0..1'>,
  toCrop: Affine<'photo', 'crop'>,
  width: number,
  height: number,
): Plane<'0..1'> {
  const n = Math.max(1, Math.round(scaleOf(toCrop)));
  const finer = compose(scaling<'photo', 'photo'>(1 / n, 1 / n), toCrop);
  const fine = warpPlane(source, finer, {
    width: width * n,
    height: height * n,
    border: { kind: 'constant', values: [0] },
  });
  if (n === 1) return fine;
  const mean = plane<'0..1'>(width, height);
  for (let y = 0; y < height * n; y += 1) {
    for (let x = 0; x < width * n; x += 1) {
      mean.data[Math.floor(y / n) * width + Math.floor(x / n)]! += fine.data[y * width * n + x]! / (n * n);
    }
  }
  return mean;
}

function overlap(p: Rect<'photo'>, q: Rect<'photo'>): Rect<'photo'> | null {
  const x = Math.max(p.x, q.x);
  const y = Math.max(p.y, q.y);
  const width = Math.min(p.x + p.width, q.x + q.width) - x;
  const height = Math.min(p.y + p.height, q.y + q.height) - y;
  return width > 0 && height > 0 ? rect(x, y, width, height) : null;
}
