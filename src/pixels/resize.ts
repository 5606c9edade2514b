import type { Space } from '../core/geometry';
import { CHANNELS, type Raster, raster } from '../core/raster';

const COEFFICIENT_ONE = 2048;

interface Taps {
  readonly near: Int32Array;
  readonly far: Int32Array;
  readonly nearWeight: Int32Array;
  readonly farWeight: Int32Array;
}

/**
 * `cv2.resize(…, INTER_LINEAR)` on 8-bit pixels, bit for bit (spec D.5): fixed-point bilinear without
 * averaging, except that an exact halving is the 2 × 2 mean. Networks trained on OpenCV input want this one.
 */
export function resize<S extends Space, T extends Space>(
  source: Raster<S>,
  width: number,
  height: number,
): Raster<T> {
  if (source.width === 2 * width && source.height === 2 * height) return meanOfFour(source);
  const target = raster<T>(width, height);
  const columns = taps(source.width, width, true);
  const rows = taps(source.height, height, false);
  const upper = new Int32Array(width * CHANNELS);
  const lower = new Int32Array(width * CHANNELS);
  for (let y = 0; y < height; y += 1) {
    mixRow(source, rows.near[y]!, columns, upper);
    mixRow(source, rows.far[y]!, columns, lower);
    const b0 = rows.nearWeight[y]!;
    const b1 = rows.farWeight[y]!;
    const base = y * width * CHANNELS;
    for (let i = 0; i < upper.length; i += 1) {
      target.data[base + i] = (((b0 * (upper[i]! >> 4)) >> 16) + ((b1 * (lower[i]! >> 4)) >> 16) + 2) >> 2;
    }
  }
  return target;
}

/** Columns clamp the coordinate, rows only the index: OpenCV does the two axes differently. */
function taps(from: number, to: number, clampFraction: boolean): Taps {
  const scale = 1 / (to / from);
  const near = new Int32Array(to);
  const far = new Int32Array(to);
  const nearWeight = new Int32Array(to);
  const farWeight = new Int32Array(to);
  for (let i = 0; i < to; i += 1) {
    const position = Math.fround((i + 0.5) * scale - 0.5);
    let index = Math.floor(position);
    let fraction = Math.fround(position - index);
    if (clampFraction && (index < 0 || index >= from - 1)) {
      index = index < 0 ? 0 : from - 1;
      fraction = 0;
    }
    near[i] = Math.min(Math.max(index, 0), from - 1);
    far[i] = Math.min(Math.max(index + 1, 0), from - 1);
    nearWeight[i] = roundHalfEven(Math.fround(Math.fround(1 - fraction) * COEFFICIENT_ONE));
    farWeight[i] = roundHalfEven(Math.fround(fraction * COEFFICIENT_ONE));
  }
  return { near, far, nearWeight, farWeight };
}

function mixRow(source: Raster<Space>, row: number, columns: Taps, out: Int32Array): void {
  const base = row * source.width;
  for (let x = 0; x < columns.near.length; x += 1) {
    const p = (base + columns.near[x]!) * CHANNELS;
    const q = (base + columns.far[x]!) * CHANNELS;
    for (let c = 0; c < CHANNELS; c += 1) {
      out[x * CHANNELS + c] =
        source.data[p + c]! * columns.nearWeight[x]! + source.data[q + c]! * columns.farWeight[x]!;
    }
  }
}

function meanOfFour<S extends Space, T extends Space>(source: Raster<S>): Raster<T> {
  const target = raster<T>(source.width / 2, source.height / 2);
  const line = source.width * CHANNELS;
  for (let y = 0; y < target.height; y += 1) {
    for (let x = 0; x < target.width; x += 1) {
      for (let c = 0; c < CHANNELS; c += 1) {
        const i = 2 * y * line + 2 * x * CHANNELS + c;
        const { data } = source;
        const sum = data[i]! + data[i + CHANNELS]! + data[i + line]! + data[i + line + CHANNELS]!;
        target.data[(y * target.width + x) * CHANNELS + c] = (sum + 2) >> 2;
      }
    }
  }
  return target;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}
