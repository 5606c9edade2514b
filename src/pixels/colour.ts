/** Brings a candidate's light and colour to the original's, judged on the skin round the eye. */
import type { Rect, Space } from '../core/geometry';
import { CHANNELS, type Plane, type Raster } from '../core/raster';
import { clamp } from '../core/units';
import { codeOf, linearOf } from './light';

/** Low-frequency gain in linear light, per channel, on a coarse grid. Gains act on everything in the same light. */
export interface GainField {
  readonly area: Rect<Space>;
  readonly columns: number;
  readonly rows: number;
  readonly cellPx: number;
  /** Natural logarithms of the gains, three a cell, row-major. */
  readonly logGains: Float32Array;
}

/** Cells along the longer side: finer would follow lashes and wrinkles. */
const CELLS = 64;
/** Linear light added before the logarithm, so that black pixels do not decide. */
const DARK = 0.004;
const MOST_LOG_GAIN = Math.log(12);
const ROBUST_ROUNDS = 6;
/** Reach of the local correction, as a share of the area's longer side. */
const LOCAL_REACH = 0.07;
/** Weight that pulls the local correction to the plane where no skin says anything. */
const LOCAL_DOUBT = 0.02;

/**
 * Fits log(original / candidate) where `ring` has weight: a plane over the area, robust against lashes, hair and
 * reflections (Cauchy weights), plus what of the rest is smooth.
 */
export function fitGains(
  original: Raster<Space>,
  candidate: Raster<Space>,
  ring: Plane<'0..1'>,
  area: Rect<Space>,
): GainField {
  const cellPx = Math.max(1, Math.ceil(Math.max(area.width, area.height) / CELLS));
  const columns = Math.ceil(area.width / cellPx);
  const rows = Math.ceil(area.height / cellPx);
  const cells = columns * rows;
  const ratios = new Float64Array(cells * 3);
  const weights = new Float64Array(cells);
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      const cell = j * columns + i;
      weights[cell] = cellRatio(
        original,
        candidate,
        ring,
        area,
        cellPx,
        i,
        j,
        ratios.subarray(cell * 3, cell * 3 + 3),
      );
    }
  const planes = fitPlanes(ratios, weights, columns, rows);
  const rest = ratios.map((ratio, k) => ratio - planes[k]!);
  const local = smoothWhereKnown(rest, weights, columns, rows, LOCAL_REACH * Math.max(columns, rows));
  const logGains = Float32Array.from(planes, (value, k) =>
    clamp(value + local[k]!, -MOST_LOG_GAIN, MOST_LOG_GAIN),
  );
  return { area, columns, rows, cellPx, logGains };
}

/**
 * The candidate under the field's light; only `area` is new, the rest is taken over.
 * @param tone the logarithmic gain to use for the field's, by pixel index; default: the field's.
 */
export function applyGains<S extends Space>(
  candidate: Raster<S>,
  field: GainField,
  tone: (logGain: number, index: number) => number = (logGain) => logGain,
): Raster<S> {
  const data = new Uint8ClampedArray(candidate.data);
  const { area, columns, rows, cellPx, logGains } = field;
  for (let y = area.y; y < area.y + area.height; y++) {
    const v = clamp((y + 0.5 - area.y) / cellPx - 0.5, 0, rows - 1);
    const j = Math.min(Math.floor(v), Math.max(0, rows - 2));
    const fy = rows > 1 ? v - j : 0;
    for (let x = area.x; x < area.x + area.width; x++) {
      const u = clamp((x + 0.5 - area.x) / cellPx - 0.5, 0, columns - 1);
      const i = Math.min(Math.floor(u), Math.max(0, columns - 2));
      const fx = columns > 1 ? u - i : 0;
      const index = y * candidate.width + x;
      const k = index * CHANNELS;
      const a = (j * columns + i) * 3;
      const right = columns > 1 ? 3 : 0;
      const down = rows > 1 ? columns * 3 : 0;
      for (let c = 0; c < 3; c++) {
        const top = logGains[a + c]! * (1 - fx) + logGains[a + right + c]! * fx;
        const bottom = logGains[a + down + c]! * (1 - fx) + logGains[a + down + right + c]! * fx;
        data[k + c] = codeOf(linearOf(data[k + c]!) * Math.exp(tone(top * (1 - fy) + bottom * fy, index)));
      }
    }
  }
  return { width: candidate.width, height: candidate.height, data };
}

/** Mean log ratio of one cell into `out`; the returned weight is its mean ring weight. */
function cellRatio(
  original: Raster<Space>,
  candidate: Raster<Space>,
  ring: Plane<'0..1'>,
  area: Rect<Space>,
  cellPx: number,
  i: number,
  j: number,
  out: Float64Array,
): number {
  const sums = [0, 0, 0, 0, 0, 0];
  let weight = 0;
  let count = 0;
  const bottom = Math.min(area.y + area.height, area.y + (j + 1) * cellPx);
  const right = Math.min(area.x + area.width, area.x + (i + 1) * cellPx);
  for (let y = area.y + j * cellPx; y < bottom; y++)
    for (let x = area.x + i * cellPx; x < right; x++) {
      const index = y * original.width + x;
      const w = ring.data[index]!;
      count++;
      if (w <= 0) continue;
      weight += w;
      for (let c = 0; c < 3; c++) {
        sums[c]! += w * linearOf(original.data[index * CHANNELS + c]!);
        sums[3 + c]! += w * linearOf(candidate.data[index * CHANNELS + c]!);
      }
    }
  if (weight <= 0) return 0;
  for (let c = 0; c < 3; c++) out[c] = Math.log((sums[c]! / weight + DARK) / (sums[3 + c]! / weight + DARK));
  return weight / count;
}

/** Robust planes for three channels; `weights` are lowered where a cell does not fit. */
function fitPlanes(ratios: Float64Array, weights: Float64Array, columns: number, rows: number): Float64Array {
  const cells = columns * rows;
  const own = weights.slice();
  const planes = new Float64Array(cells * 3);
  for (let round = 0; round < ROBUST_ROUNDS; round++) {
    for (let c = 0; c < 3; c++) fitPlane(ratios, weights, planes, columns, rows, c);
    const misfit = (cell: number) => {
      let sum = 0;
      for (let c = 0; c < 3; c++) sum += (ratios[cell * 3 + c]! - planes[cell * 3 + c]!) ** 2;
      return Math.sqrt(sum / 3);
    };
    const known = [...own.keys()].filter((cell) => own[cell]! > 0);
    if (known.length === 0) return planes;
    const scale = Math.max(0.05, 1.5 * weightedMedian(known, misfit, own));
    for (const cell of known) weights[cell] = own[cell]! / (1 + (misfit(cell) / scale) ** 2);
  }
  return planes;
}

function weightedMedian(
  cells: readonly number[],
  value: (cell: number) => number,
  weights: Float64Array,
): number {
  const sorted = cells.map((cell) => [value(cell), weights[cell]!] as const).sort((a, b) => a[0] - b[0]);
  const half = sorted.reduce((sum, [, w]) => sum + w, 0) / 2;
  let sum = 0;
  for (const [v, w] of sorted) {
    sum += w;
    if (sum >= half) return v;
  }
  return 0;
}

/** Weighted least squares a + b·x + c·y, slopes held back a little; written over all cells. */
function fitPlane(
  ratios: Float64Array,
  weights: Float64Array,
  planes: Float64Array,
  columns: number,
  rows: number,
  channel: number,
): void {
  const half = Math.max(columns, rows) / 2;
  const at = (cell: number) =>
    [
      1,
      ((cell % columns) - (columns - 1) / 2) / half,
      (Math.floor(cell / columns) - (rows - 1) / 2) / half,
    ] as const;
  const normal = [0, 0, 0, 0, 0, 0];
  const right = [0, 0, 0];
  let total = 0;
  for (let cell = 0; cell < weights.length; cell++) {
    const w = weights[cell]!;
    if (w <= 0) continue;
    const [, x, y] = at(cell);
    const z = ratios[cell * 3 + channel]!;
    total += w;
    [w, w * x, w * y, w * x * x, w * x * y, w * y * y].forEach((v, k) => {
      normal[k]! += v;
    });
    [w * z, w * x * z, w * y * z].forEach((v, k) => {
      right[k]! += v;
    });
  }
  if (total <= 0) return;
  const hold = 0.01 * total;
  const [a, b, c] = solve3(
    [normal[0]!, normal[1]!, normal[2]!, normal[3]! + hold, normal[4]!, normal[5]! + hold],
    [right[0]!, right[1]!, right[2]!],
  );
  for (let cell = 0; cell < weights.length; cell++) {
    const [, x, y] = at(cell);
    planes[cell * 3 + channel] = a + b * x + c * y;
  }
}

type Three = readonly [number, number, number];

/** Symmetric positive 3 × 3 system, upper triangle row by row. */
function solve3(m: readonly [number, number, number, number, number, number], r: Three): Three {
  const [a, b, c, d, e, f] = m;
  const A = d * f - e * e;
  const B = c * e - b * f;
  const C = b * e - c * d;
  const det = a * A + b * B + c * C;
  return [
    (A * r[0] + B * r[1] + C * r[2]) / det,
    (B * r[0] + (a * f - c * c) * r[1] + (b * c - a * e) * r[2]) / det,
    (C * r[0] + (b * c - a * e) * r[1] + (a * d - b * b) * r[2]) / det,
  ];
}

/** Gaussian mean of three channels where weights are; fades to 0 where there are none near. */
function smoothWhereKnown(
  values: Float64Array,
  weights: Float64Array,
  columns: number,
  rows: number,
  sigma: number,
): Float64Array {
  const reach = Math.ceil(3 * sigma);
  const taps = Array.from({ length: reach + 1 }, (_, i) => Math.exp((-i * i) / (2 * sigma * sigma)));
  const norm = taps.reduce((sum, tap, i) => sum + (i === 0 ? tap : 2 * tap), 0);
  const blur = (plane: Float64Array): Float64Array => {
    const across = new Float64Array(plane.length);
    const out = new Float64Array(plane.length);
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) {
        let sum = 0;
        for (let d = -reach; d <= reach; d++)
          if (x + d >= 0 && x + d < columns) sum += taps[Math.abs(d)]! * plane[y * columns + x + d]!;
        across[y * columns + x] = sum / norm;
      }
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) {
        let sum = 0;
        for (let d = -reach; d <= reach; d++)
          if (y + d >= 0 && y + d < rows) sum += taps[Math.abs(d)]! * across[(y + d) * columns + x]!;
        out[y * columns + x] = sum / norm;
      }
    return out;
  };
  const known = blur(weights);
  const out = new Float64Array(values.length);
  for (let c = 0; c < 3; c++) {
    const mean = blur(weights.map((w, cell) => w * values[cell * 3 + c]!));
    for (let cell = 0; cell < weights.length; cell++)
      out[cell * 3 + c] = mean[cell]! / (known[cell]! + LOCAL_DOUBT);
  }
  return out;
}
