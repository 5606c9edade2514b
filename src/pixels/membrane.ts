/** Gradient-domain join: the patch keeps its gradients and meets the original at its rim (Pérez 2003, Georgiev 2004). */
import type { Rect, Space } from '../core/geometry';
import { CHANNELS, type Plane, type Raster } from '../core/raster';
import { clamp } from '../core/units';

/** The correction is smooth, so it is solved on a grid of about this many cells and interpolated. */
const CELLS = 72;
/** Cells with less alpha than this belong to the rim, where the original is given. */
const RIM_ALPHA = 0.25;
const ROUNDS = 400;
/** Over-relaxation for grids of this size. */
const RELAXATION = 1.9;

/** Adds to the candidate the harmonic function that equals original − candidate on the rim of the mask. */
export function joinAtRim<S extends Space>(
  original: Raster<S>,
  candidate: Raster<S>,
  mask: Plane<'0..1'>,
  alpha: Plane<'0..1'>,
  area: Rect<S>,
): Raster<S> {
  const cellPx = Math.max(1, Math.ceil(Math.max(area.width, area.height) / CELLS));
  const columns = Math.ceil(area.width / cellPx);
  const rows = Math.ceil(area.height / cellPx);
  const kinds = new Uint8Array(columns * rows);
  const offsets = new Float64Array(columns * rows * 3);
  for (let cell = 0; cell < kinds.length; cell++)
    kinds[cell] = measureCell(original, candidate, mask, alpha, area, cellPx, cell, columns, offsets);
  relax(kinds, offsets, columns, rows);
  const data = new Uint8ClampedArray(candidate.data);
  for (let y = area.y; y < area.y + area.height; y++)
    for (let x = area.x; x < area.x + area.width; x++) {
      const index = y * candidate.width + x;
      if (alpha.data[index]! <= 0) continue;
      const u = placeOnGrid((x + 0.5 - area.x) / cellPx, columns);
      const v = placeOnGrid((y + 0.5 - area.y) / cellPx, rows);
      addOffset(data, index * CHANNELS, offsets, kinds, columns, u, v);
    }
  return { width: candidate.width, height: candidate.height, data };
}

/** From the outer corner of the first cell to the centres, with a cell behind it wherever there is more than one. */
function placeOnGrid(cells: number, count: number): number {
  return clamp(cells - 0.5, 0, Math.max(0, count - 1.001));
}

/** 0 outside the mask, 1 rim (offset given), 2 inside (to be solved). */
function measureCell(
  original: Raster<Space>,
  candidate: Raster<Space>,
  mask: Plane<'0..1'>,
  alpha: Plane<'0..1'>,
  area: Rect<Space>,
  cellPx: number,
  cell: number,
  columns: number,
  offsets: Float64Array,
): 0 | 1 | 2 {
  const left = area.x + (cell % columns) * cellPx;
  const top = area.y + Math.floor(cell / columns) * cellPx;
  let count = 0;
  let opaque = 0;
  const sums = [0, 0, 0];
  for (let y = top; y < Math.min(top + cellPx, area.y + area.height); y++)
    for (let x = left; x < Math.min(left + cellPx, area.x + area.width); x++) {
      const index = y * original.width + x;
      if (mask.data[index]! < 0.5) continue;
      count++;
      opaque += alpha.data[index]!;
      for (let c = 0; c < 3; c++)
        sums[c]! += original.data[index * CHANNELS + c]! - candidate.data[index * CHANNELS + c]!;
    }
  if (count === 0) return 0;
  if (opaque / count >= RIM_ALPHA) return 2;
  for (let c = 0; c < 3; c++) offsets[cell * 3 + c] = sums[c]! / count;
  return 1;
}

/** Over-relaxed Gauss-Seidel: every inner cell becomes the mean of those beside it. */
function relax(kinds: Uint8Array, offsets: Float64Array, columns: number, rows: number): void {
  const inner = innerCells(kinds, columns, rows);
  for (let round = 0; round < ROUNDS; round++)
    for (const { at, near } of inner)
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let n = 0; n < near.length; n++) sum += offsets[near[n]! + c]!;
        const now = offsets[at + c]!;
        offsets[at + c] = now + RELAXATION * (sum / near.length - now);
      }
}

/** Where the offsets of each cell to be solved begin, and those of the cells beside it that know something. */
function innerCells(
  kinds: Uint8Array,
  columns: number,
  rows: number,
): { readonly at: number; readonly near: readonly number[] }[] {
  const found = [];
  for (let cell = 0; cell < kinds.length; cell++) {
    if (kinds[cell] !== 2) continue;
    const x = cell % columns;
    const near = [
      x > 0 ? cell - 1 : -1,
      x < columns - 1 ? cell + 1 : -1,
      cell - columns,
      cell + columns < columns * rows ? cell + columns : -1,
    ].filter((other) => other >= 0 && kinds[other] !== 0);
    if (near.length > 0) found.push({ at: cell * 3, near: near.map((other) => other * 3) });
  }
  return found;
}

/** Bilinear over the cells that know something. */
function addOffset(
  data: Uint8ClampedArray,
  k: number,
  offsets: Float64Array,
  kinds: Uint8Array,
  columns: number,
  u: number,
  v: number,
): void {
  const i = Math.floor(u);
  const j = Math.floor(v);
  let weight = 0;
  const sums = [0, 0, 0];
  for (let corner = 0; corner < 4; corner++) {
    const cell = (j + (corner >> 1)) * columns + i + (corner & 1);
    if (cell >= kinds.length || kinds[cell] === 0) continue;
    const w = (corner & 1 ? u - i : 1 - u + i) * (corner >> 1 ? v - j : 1 - v + j);
    weight += w;
    for (let c = 0; c < 3; c++) sums[c]! += w * offsets[cell * 3 + c]!;
  }
  if (weight > 0) for (let c = 0; c < 3; c++) data[k + c] = data[k + c]! + sums[c]! / weight;
}
