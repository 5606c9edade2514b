/** EXIF orientation (tag 0x0112) undone on raw pixels. */
import type { Space } from '../core/geometry';
import { type Raster, raster, wordsOf } from '../core/raster';

/** 1 is upright; 2, 4, 5, 7 are mirrored; 5 to 8 swap width and height. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

interface Steps {
  /** Index of the stored picture's first pixel in the upright one. */
  readonly origin: number;
  /** Upright index steps for one stored pixel to the right, and one row down. */
  readonly across: number;
  readonly down: number;
}

export function isSideways(orientation: Orientation): boolean {
  return orientation >= 5;
}

/**
 * Writes `rows` (whole rows of the stored picture from `firstRow` on) where they belong in `target`, the upright
 * picture's pixels, which the caller owns. Pixels are 32-bit RGBA words.
 */
export function layUpright(
  rows: Uint32Array,
  firstRow: number,
  stored: { readonly width: number; readonly height: number },
  orientation: Orientation,
  target: Uint32Array,
): void {
  const { origin, across, down } = stepsOf(stored.width, stored.height, orientation);
  const start = origin + firstRow * down;
  if (orientation === 1) {
    target.set(rows, start);
    return;
  }
  const count = rows.length / stored.width;
  // The inner loop runs along the upright picture's rows: neighbours in memory.
  if (isSideways(orientation)) {
    for (let x = 0; x < stored.width; x += 1) {
      let to = start + x * across;
      for (let from = x; from < rows.length; from += stored.width, to += down) target[to] = rows[from]!;
    }
    return;
  }
  for (let y = 0; y < count; y += 1) {
    let to = start + y * down;
    const end = (y + 1) * stored.width;
    for (let from = y * stored.width; from < end; from += 1, to += across) target[to] = rows[from]!;
  }
}

/** The upright picture; a copy, also when nothing turns. */
export function upright<S extends Space>(stored: Raster<Space>, orientation: Orientation): Raster<S> {
  const sideways = isSideways(orientation);
  const target = raster<S>(sideways ? stored.height : stored.width, sideways ? stored.width : stored.height);
  const words = wordsOf(stored);
  layUpright(words, 0, stored, orientation, wordsOf(target));
  return target;
}

function stepsOf(width: number, height: number, orientation: Orientation): Steps {
  const last = width * height - 1;
  switch (orientation) {
    case 1:
      return { origin: 0, across: 1, down: width };
    case 2:
      return { origin: width - 1, across: -1, down: width };
    case 3:
      return { origin: last, across: -1, down: -width };
    case 4:
      return { origin: last - width + 1, across: 1, down: -width };
    case 5:
      return { origin: 0, across: height, down: 1 };
    case 6:
      return { origin: height - 1, across: height, down: -1 };
    case 7:
      return { origin: last, across: -height, down: -1 };
    case 8:
      return { origin: last - height + 1, across: -height, down: 1 };
  }
}
