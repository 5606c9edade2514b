/** Tells whether something that is not skin (a rim, hair, a hand) lies where the eye has to be replaced. */
import type { Rect, Space } from '../../src/core/geometry';
import { CHANNELS, type Plane, type Raster } from '../../src/core/raster';
import { clamp } from '../../src/core/units';
import { distancesTo } from '../../src/pixels/distance';
import { linearOf } from '../../src/pixels/light';

/** Cells of the comparison, in corner distances: a rim or a strand fills at least one. */
const CELL = 0.045;
/** Structure larger than this many cells is light and shade, not a thing. */
const BROAD_CELLS = 5;
/** Log contrast beyond which a cell shows something that the other picture has not. */
const DIFFERENT = 0.3;
/** Log contrast of things that are left standing in the target: rims, strands of hair. */
const FOREIGN = 0.5;
/** Width of the band round the core in which a foreign thing counts as running into the eye, in corner distances. */
const CORE_BAND = 0.12;
/** Smaller clusters of foreign cells are lashes and wrinkles. */
const LEAST_CLUSTER = 5;
/** Linear light that keeps noise in deep shadow from deciding. */
const DARK = 0.02;

/** Where target and patch, in the same light, show different things. */
export interface Strangeness {
  /** Share of the ring's weight that is different. */
  readonly share: number;
  /** Share of the band round the core that foreign things lie on: they run into the eye. */
  readonly atCore: number;
  /** Distance in px to the nearest foreign thing; Infinity when there is none. */
  readonly clearancePx: (x: number, y: number) => number;
}

/** Compares fine structure (lines, edges, hair) of target and patch on `ring`. */
export function findStrange(
  target: Raster<'crop'>,
  patch: Raster<'crop'>,
  ring: Plane<'0..1'>,
  area: Rect<'crop'>,
  widthPx: number,
  coreDepthPx: (x: number, y: number) => number,
): Strangeness {
  const cellPx = Math.max(1, Math.round(CELL * widthPx));
  const columns = Math.ceil(area.width / cellPx);
  const rows = Math.ceil(area.height / cellPx);
  const of = (picture: Raster<Space>) =>
    detail(cellLogs(picture, area, cellPx, columns, rows), columns, rows);
  const wanted = of(target);
  const found = of(patch);
  const weights = cellWeights(ring, area, cellPx, columns, rows);
  const foreign = new Uint8Array(columns * rows);
  let total = 0;
  let strange = 0;
  for (let i = 0; i < foreign.length; i++) {
    total += weights[i]!;
    const difference = Math.abs(wanted[i]! - found[i]!);
    if (difference >= DIFFERENT) strange += weights[i]!;
    if (difference >= FOREIGN && weights[i]! > 0) foreign[i] = 1;
  }
  const kept = withoutSpecks(foreign, columns, rows);
  let band = 0;
  let crossed = 0;
  for (let i = 0; i < kept.length; i++) {
    const x = area.x + ((i % columns) + 0.5) * cellPx;
    const y = area.y + (Math.floor(i / columns) + 0.5) * cellPx;
    const depth = coreDepthPx(x, y) / widthPx;
    if (depth >= 0 || depth < -CORE_BAND) continue;
    band++;
    if (kept[i]) crossed++;
  }
  const cellsAway = distancesTo(columns, rows, (cell) => kept[cell]! > 0);
  const at = (i: number, j: number) =>
    Math.min(cellsAway[clamp(j, 0, rows - 1) * columns + clamp(i, 0, columns - 1)]!, 1e6);
  const clearancePx = (x: number, y: number) => {
    const u = (x - area.x) / cellPx - 0.5;
    const v = (y - area.y) / cellPx - 0.5;
    const i = Math.floor(u);
    const j = Math.floor(v);
    const top = at(i, j) * (1 - u + i) + at(i + 1, j) * (u - i);
    const bottom = at(i, j + 1) * (1 - u + i) + at(i + 1, j + 1) * (u - i);
    return (top * (1 - v + j) + bottom * (v - j)) * cellPx;
  };
  return { share: total > 0 ? strange / total : 0, atCore: band > 0 ? crossed / band : 0, clearancePx };
}

/** Clusters (8 neighbours) of fewer than LEAST_CLUSTER cells are dropped. */
function withoutSpecks(cells: Uint8Array, columns: number, rows: number): Uint8Array {
  const out = new Uint8Array(cells.length);
  const seen = new Uint8Array(cells.length);
  for (let start = 0; start < cells.length; start++) {
    if (!cells[start] || seen[start]) continue;
    const cluster = [start];
    seen[start] = 1;
    for (const cell of cluster) {
      const x = cell % columns;
      for (let dy = -columns; dy <= columns; dy += columns)
        for (let dx = -1; dx <= 1; dx++) {
          const next = cell + dy + dx;
          if (x + dx < 0 || x + dx >= columns || next < 0 || next >= columns * rows) continue;
          if (!cells[next] || seen[next]) continue;
          seen[next] = 1;
          cluster.push(next);
        }
    }
    if (cluster.length >= LEAST_CLUSTER) for (const cell of cluster) out[cell] = 1;
  }
  return out;
}

function cellLogs(picture: Raster<Space>, area: Rect<Space>, cellPx: number, columns: number, rows: number) {
  const logs = new Float64Array(columns * rows);
  const counts = new Float64Array(columns * rows);
  eachPixel(area, cellPx, columns, picture.width, (index, cell) => {
    const k = index * CHANNELS;
    const { data } = picture;
    logs[cell]! +=
      0.2126 * linearOf(data[k]!) + 0.7152 * linearOf(data[k + 1]!) + 0.0722 * linearOf(data[k + 2]!);
    counts[cell]!++;
  });
  return logs.map((sum, i) => Math.log(sum / Math.max(1, counts[i]!) + DARK));
}

function cellWeights(ring: Plane<'0..1'>, area: Rect<Space>, cellPx: number, columns: number, rows: number) {
  const weights = new Float64Array(columns * rows);
  eachPixel(area, cellPx, columns, ring.width, (index, cell) => {
    weights[cell]! += ring.data[index]!;
  });
  return weights;
}

function eachPixel(
  area: Rect<Space>,
  cellPx: number,
  columns: number,
  width: number,
  visit: (index: number, cell: number) => void,
): void {
  for (let y = 0; y < area.height; y++)
    for (let x = 0; x < area.width; x++)
      visit((area.y + y) * width + area.x + x, Math.floor(y / cellPx) * columns + Math.floor(x / cellPx));
}

/** The values less their mean over a square of neighbours. */
function detail(values: Float64Array, columns: number, rows: number): Float64Array {
  return values.map((value, cell) => {
    const cx = cell % columns;
    const cy = Math.floor(cell / columns);
    let sum = 0;
    let count = 0;
    for (let y = Math.max(0, cy - BROAD_CELLS); y <= Math.min(rows - 1, cy + BROAD_CELLS); y++)
      for (let x = Math.max(0, cx - BROAD_CELLS); x <= Math.min(columns - 1, cx + BROAD_CELLS); x++) {
        sum += values[y * columns + x]!;
        count++;
      }
    return value - sum / count;
  });
}
