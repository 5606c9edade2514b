/**
 * What OpenCV's 8-bit resizers with fixed-point weights have in common: spec D.5, imgproc's resize.cpp. Pillow's sums
 * a row in the same way.
 */
import type { Space } from '../core/geometry';
import { CHANNELS, type Raster, wordsOf } from '../core/raster';
import { clamp, roundHalfEven } from '../core/units';

/** Weights have 11 bits behind the point. */
const COEFFICIENT_ONE = 2048;

/** For each target index, `size` source indices and their weights, one after the other. */
export interface Taps {
  readonly size: number;
  /** Inside the source: beyond the edge the edge is repeated. */
  readonly index: Int32Array;
  /** 2048 is one (2^22 in Pillow's). */
  readonly weight: Int32Array;
}

/** Where a target index lies in the source: at `index + fraction`, fraction in 0..1 and a float32. */
export interface Place {
  readonly index: number;
  readonly fraction: number;
}

/** Source pixels per target pixel, in OpenCV's order of operations: 98 → 2 is not quite 49. */
export function scaleOf(from: number, to: number): number {
  return 1 / (to / from);
}

/** Centres over centres. */
export function centredPlace(i: number, from: number, to: number): Place {
  return placeAt(i, scaleOf(from, to));
}

/** @param step source pixels per target pixel */
export function placeAt(i: number, step: number): Place {
  const position = Math.fround((i + 0.5) * step - 0.5);
  const index = Math.floor(position);
  return { index, fraction: Math.fround(position - index) };
}

/**
 * @param size taps per target index, even: half of them lie at or before the place's index
 * @param weigh writes the `size` float32 weights that belong to a fraction; they add up to 1
 */
export function tapsOf(
  from: number,
  to: number,
  size: number,
  placeOf: (i: number, from: number, to: number) => Place,
  weigh: (fraction: number, out: Float32Array) => void,
): Taps {
  const index = new Int32Array(to * size);
  const weight = new Int32Array(to * size);
  const weights = new Float32Array(size);
  for (let i = 0; i < to; i += 1) {
    const place = placeOf(i, from, to);
    weigh(place.fraction, weights);
    for (let k = 0; k < size; k += 1) {
      index[i * size + k] = clamp(place.index + 1 - size / 2 + k, 0, from - 1);
      weight[i * size + k] = roundHalfEven(weights[k]! * COEFFICIENT_ONE);
    }
  }
  return { size, index, weight };
}

/**
 * Mixes one line of the target (values 0..255, clamped when stored) from lines that are done across.
 * @param lines 255 · 2048 is full; `weights[at + k]` is the weight of `lines[k]`
 */
export type MixLines = (
  lines: readonly Int32Array[],
  weights: Int32Array,
  at: number,
  out: Uint8ClampedArray,
) => void;

/** Fills `target` from `source`, first across, then down. Each source row is mixed once if that suffices. */
export function resizeSeparably(
  source: Raster<Space>,
  target: Raster<Space>,
  columns: Taps,
  rows: Taps,
  mixLines: MixLines,
): void {
  const { size } = rows;
  const words = wordsOf(source);
  const width = target.width * CHANNELS;
  const kept = Array.from({ length: size }, () => new Int32Array(width));
  const keptRow = new Int32Array(size).fill(-1);
  const lines = [...kept];
  for (let y = 0; y < target.height; y += 1) {
    for (let k = 0; k < size; k += 1) {
      const row = rows.index[y * size + k]!;
      // A window of `size` successive rows: no two of them share a place.
      const slot = row % size;
      const line = kept[slot]!;
      if (keptRow[slot] !== row) mixColumns(words, row * source.width, columns, line);
      keptRow[slot] = row;
      lines[k] = line;
    }
    mixLines(lines, rows.weight, y * size, target.data.subarray(y * width, (y + 1) * width));
  }
}

/**
 * One row across, not yet rounded. `Math.imul` and `| 0` keep the sums in integers, which would become doubles at
 * a product of −0.
 * @param words one RGBA pixel each. @param start where the row begins in them.
 * @param out four sums for each target column, 255 times the taps' one is full
 */
export function mixColumns(words: Uint32Array, start: number, columns: Taps, out: Int32Array): void {
  const { size, index, weight } = columns;
  for (let t = 0, o = 0; t < index.length; t += size, o += CHANNELS) {
    let red = 0;
    let green = 0;
    let blue = 0;
    let alpha = 0;
    for (let k = t; k < t + size; k += 1) {
      const word = words[start + index[k]!]!;
      const share = weight[k]!;
      red = (red + Math.imul(share, word & 0xff)) | 0;
      green = (green + Math.imul(share, (word >>> 8) & 0xff)) | 0;
      blue = (blue + Math.imul(share, (word >>> 16) & 0xff)) | 0;
      alpha = (alpha + Math.imul(share, word >>> 24)) | 0;
    }
    out[o] = red;
    out[o + 1] = green;
    out[o + 2] = blue;
    out[o + 3] = alpha;
  }
}
