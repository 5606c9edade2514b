/** The general case of OpenCV's INTER_AREA on 8-bit pixels: cells with fractions of pixels (spec D.5). */
import type { Space } from '../core/geometry';
import { CHANNELS, type Raster, wordsOf } from '../core/raster';
import { scaleOf } from './separable';

/** A share of a cell that reaches less far into a pixel (in pixels) is dropped. */
const SLIVER = 1e-3;

interface Cells {
  /** First source index of each cell. */
  readonly first: Int32Array;
  /** Where a cell's shares begin in `share`; they end where the next cell's begin. */
  readonly begin: Int32Array;
  /** Shares of successive source indices; those of a cell add up to 1, but for slivers. */
  readonly share: Float32Array;
}

function cellsOf(from: number, to: number): Cells {
  const scale = scaleOf(from, to);
  const first = new Int32Array(to);
  const begin = new Int32Array(to + 1);
  const share: number[] = [];
  for (let i = 0; i < to; i += 1) {
    const start = i * scale;
    const end = start + scale;
    const length = Math.min(scale, from - start);
    const lastWhole = Math.min(Math.floor(end), from - 1);
    const firstWhole = Math.min(Math.ceil(start), lastWhole);
    const hasHead = firstWhole - start > SLIVER;
    first[i] = hasHead ? firstWhole - 1 : firstWhole;
    if (hasHead) share.push((firstWhole - start) / length);
    for (let k = firstWhole; k < lastWhole; k += 1) share.push(1 / length);
    if (end - lastWhole > SLIVER) share.push(Math.min(end - lastWhole, 1, length) / length);
    begin[i + 1] = share.length;
  }
  return { first, begin, share: Float32Array.from(share) };
}

/**
 * Fills `target` with the means of its pixels' cells, first across, then down; no axis may grow. Cells
 * that share a source row follow each other, so that each row is mixed only once.
 */
export function meanOfCells(source: Raster<Space>, target: Raster<Space>): void {
  const words = wordsOf(source);
  const columns = cellsOf(source.width, target.width);
  const rows = cellsOf(source.height, target.height);
  const line = new Float32Array(target.width * CHANNELS);
  const sums = new Float32Array(line.length);
  let mixed = -1;
  for (let y = 0; y < target.height; y += 1) {
    sums.fill(0);
    const begin = rows.begin[y]!;
    for (let k = begin; k < rows.begin[y + 1]!; k += 1) {
      const row = rows.first[y]! + k - begin;
      if (row !== mixed) mixColumns(words, row * source.width, columns, line);
      mixed = row;
      addLine(line, rows.share[k]!, sums);
    }
    target.data.set(sums, y * sums.length);
  }
}

/** Every product and every sum is rounded to float32, as OpenCV's are. */
function mixColumns(words: Uint32Array, start: number, columns: Cells, out: Float32Array): void {
  const { first, begin, share } = columns;
  for (let x = 0, o = 0; x < first.length; x += 1, o += CHANNELS) {
    let red = 0;
    let green = 0;
    let blue = 0;
    let alpha = 0;
    const end = begin[x + 1]!;
    for (let k = begin[x]!, i = start + first[x]!; k < end; k += 1, i += 1) {
      const word = words[i]!;
      const weight = share[k]!;
      red = Math.fround(red + Math.fround(weight * (word & 0xff)));
      green = Math.fround(green + Math.fround(weight * ((word >>> 8) & 0xff)));
      blue = Math.fround(blue + Math.fround(weight * ((word >>> 16) & 0xff)));
      alpha = Math.fround(alpha + Math.fround(weight * (word >>> 24)));
    }
    out[o] = red;
    out[o + 1] = green;
    out[o + 2] = blue;
    out[o + 3] = alpha;
  }
}

function addLine(line: Float32Array, weight: number, sums: Float32Array): void {
  for (let i = 0; i < sums.length; i += 1) {
    sums[i] = sums[i]! + Math.fround(weight * line[i]!);
  }
}
