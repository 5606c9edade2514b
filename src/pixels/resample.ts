/** A part of a raster at another size: the area average where it gets smaller, bicubic where it gets larger. */
import type { Rect, Space } from '../core/geometry';
import { CHANNELS, type Raster, raster } from '../core/raster';
import { REPLICATE, warpRaster } from './warp';

/**
 * @param area in pixels of the source, fractions allowed, inside the source
 * @returns `width` × `height`; averages weigh colours by alpha and round half to even
 * @throws RangeError when the area is empty or leaves the source
 */
export function resample<S extends Space, T extends Space>(
  source: Raster<S>,
  area: Rect<S>,
  width: number,
  height: number,
): Raster<T> {
  expectInside(source, area);
  const smallWidth = Math.min(width, Math.max(1, Math.floor(area.width)));
  const smallHeight = Math.min(height, Math.max(1, Math.floor(area.height)));
  if (smallWidth === width && smallHeight === height) return average(source, area, width, height);
  const shrinks = area.width > width || area.height > height;
  const from = shrinks ? average<S, S>(source, area, smallWidth, smallHeight) : source;
  const part = shrinks ? { x: 0, y: 0, width: smallWidth, height: smallHeight } : area;
  const a = part.width / width;
  const d = part.height / height;
  return warpRaster<S, T>(
    from,
    { a, b: 0, c: 0, d, tx: part.x, ty: part.y },
    { width, height, border: REPLICATE, filter: 'bicubic' },
  );
}

interface Cells {
  /** First source index of each cell. */
  readonly first: Int32Array;
  /** One past the last source index of each cell. */
  readonly end: Int32Array;
  /** Share of the first and of the last source index that lies in the cell. */
  readonly head: Float64Array;
  readonly tail: Float64Array;
}

/** Cuts `length` source units from `start` on into `count` equal cells. */
function cells(start: number, length: number, count: number, limit: number): Cells {
  const first = new Int32Array(count);
  const end = new Int32Array(count);
  const head = new Float64Array(count);
  const tail = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    const from = start + (length * i) / count;
    const to = start + (length * (i + 1)) / count;
    first[i] = Math.min(Math.floor(from), limit - 1);
    end[i] = Math.min(Math.max(Math.ceil(to - 1e-9), first[i]! + 1), limit);
    const single = end[i]! - first[i]! === 1;
    head[i] = single ? 1 : first[i]! + 1 - from;
    tail[i] = single ? 1 : to - (end[i]! - 1);
  }
  return { first, end, head, tail };
}

function average<S extends Space, T extends Space>(
  source: Raster<S>,
  area: Rect<S>,
  width: number,
  height: number,
): Raster<T> {
  const target = raster<T>(width, height);
  const columns = cells(area.x, area.width, width, source.width);
  const rows = cells(area.y, area.height, height, source.height);
  const line = new Float64Array(width * CHANNELS);
  const sums = new Float64Array(width * CHANNELS);
  for (let y = 0; y < height; y += 1) {
    sums.fill(0);
    const first = rows.first[y]!;
    const last = rows.end[y]! - 1;
    let weights = 0;
    for (let row = first; row <= last; row += 1) {
      const weight = row === first ? rows.head[y]! : row === last ? rows.tail[y]! : 1;
      averageRow(source, row, columns, line);
      for (let i = 0; i < sums.length; i += 1) sums[i]! += weight * line[i]!;
      weights += weight;
    }
    for (let i = 0; i < sums.length; i += CHANNELS) {
      const alpha = sums[i + 3]!;
      const at = y * sums.length + i;
      if (alpha === 0) continue;
      for (let c = 0; c < 3; c += 1) target.data[at + c] = sums[i + c]! / alpha;
      target.data[at + 3] = alpha / weights;
    }
  }
  return target;
}

/** One source row averaged into cells: colours times alpha, and alpha (0..255). */
function averageRow(source: Raster<Space>, row: number, columns: Cells, line: Float64Array): void {
  const { data } = source;
  const base = row * source.width * CHANNELS;
  for (let x = 0; x < columns.first.length; x += 1) {
    const first = columns.first[x]!;
    const last = columns.end[x]! - 1;
    let red = 0;
    let green = 0;
    let blue = 0;
    let alpha = 0;
    let total = 0;
    for (let column = first; column <= last; column += 1) {
      const share = column === first ? columns.head[x]! : column === last ? columns.tail[x]! : 1;
      const i = base + column * CHANNELS;
      const weight = share * data[i + 3]!;
      red += weight * data[i]!;
      green += weight * data[i + 1]!;
      blue += weight * data[i + 2]!;
      alpha += weight;
      total += share;
    }
    const o = x * CHANNELS;
    line[o] = red / total;
    line[o + 1] = green / total;
    line[o + 2] = blue / total;
    line[o + 3] = alpha / total;
  }
}

function expectInside(source: Raster<Space>, area: Rect<Space>): void {
  const slack = 1e-6;
  const fits =
    area.width > 0 &&
    area.height > 0 &&
    area.x >= -slack &&
    area.y >= -slack &&
    area.x + area.width <= source.width + slack &&
    area.y + area.height <= source.height + slack;
  if (!fits) {
    throw new RangeError(
      `area ${area.x}, ${area.y}, ${area.width}×${area.height} is not inside ${source.width}×${source.height}`,
    );
  }
}
