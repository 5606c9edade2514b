import type { Space } from '../core/geometry';
import { CHANNELS, type Raster, raster, wordsOf } from '../core/raster';
import { mixColumns, type Taps } from './separable';

/** Zero crossings of the windowed sinc on each side. */
const LOBES = 3;
/** Weights have 22 bits behind the point: 32 less 8 for the pixel and 2 for what the sinc overshoots. */
const COEFFICIENT_BITS = 22;
const COEFFICIENT_ONE = 1 << COEFFICIENT_BITS;
const HALF = 1 << (COEFFICIENT_BITS - 1);

/**
 * Pillow's `resize((width, height), LANCZOS)`, bit for bit (spec B.2, its Resample.c): the kernel widens when it
 * shrinks, so that it averages; first across, rounded to bytes, then down; an axis that keeps its length is left
 * alone. All channels alike, as Pillow treats RGB and CMYK: its RGBA goes through premultiplied colours, which is
 * the same only where every pixel is opaque. A grey picture is one with three equal channels.
 * @throws RangeError when the size is not whole and positive
 */
export function pillowLanczos<S extends Space, T extends Space>(
  source: Raster<S>,
  width: number,
  height: number,
): Raster<T> {
  const across = raster<T>(width, source.height);
  if (width === source.width) across.data.set(source.data);
  else resizeAcross(source, across);
  if (height === source.height) return across;
  const target = raster<T>(width, height);
  resizeDown(across, target);
  return target;
}

function resizeAcross(source: Raster<Space>, target: Raster<Space>): void {
  const columns = tapsOf(source.width, target.width);
  const words = wordsOf(source);
  const sums = new Int32Array(target.width * CHANNELS);
  for (let y = 0; y < source.height; y += 1) {
    mixColumns(words, y * source.width, columns, sums);
    store(sums, target.data, y * sums.length);
  }
}

function resizeDown(source: Raster<Space>, target: Raster<Space>): void {
  const { size, index, weight } = tapsOf(source.height, target.height);
  const sums = new Int32Array(source.width * CHANNELS);
  for (let y = 0; y < target.height; y += 1) {
    sums.fill(0);
    for (let k = y * size; k < (y + 1) * size; k += 1) {
      if (weight[k] !== 0) addRow(sums, source.data, index[k]! * sums.length, weight[k]!);
    }
    store(sums, target.data, y * sums.length);
  }
}

function addRow(sums: Int32Array, bytes: Uint8ClampedArray, start: number, weight: number): void {
  for (let i = 0; i < sums.length; i += 1) sums[i]! += Math.imul(weight, bytes[start + i]!);
}

/** Half up; beyond 0..255 the array clamps. The sums stay below 2^31: positive weights add up to less than 1.3. */
function store(sums: Int32Array, bytes: Uint8ClampedArray, start: number): void {
  for (let i = 0; i < sums.length; i += 1) bytes[start + i] = (sums[i]! + HALF) >> COEFFICIENT_BITS;
}

/** Windows at the edge are cut, not repeated; taps that a window does not need have weight 0. */
function tapsOf(from: number, to: number): Taps {
  const step = from / to;
  const widening = Math.max(step, 1);
  const reach = LOBES * widening;
  const size = Math.min(2 * Math.ceil(reach) + 1, from);
  const index = new Int32Array(to * size);
  const weight = new Int32Array(to * size);
  const shares = new Float64Array(size);
  for (let i = 0; i < to; i += 1) {
    const centre = (i + 0.5) * step;
    const first = Math.max(Math.trunc(centre - reach + 0.5), 0);
    const count = Math.min(Math.trunc(centre + reach + 0.5), from) - first;
    let sum = 0;
    for (let k = 0; k < count; k += 1) {
      // Pillow multiplies by the reciprocal, which is not always the quotient.
      shares[k] = lanczos((k + first - centre + 0.5) * (1 / widening));
      sum += shares[k]!;
    }
    for (let k = 0; k < size; k += 1) {
      index[i * size + k] = Math.min(first + k, from - 1);
      weight[i * size + k] = k < count ? roundHalfAway((shares[k]! / sum) * COEFFICIENT_ONE) : 0;
    }
  }
  return { size, index, weight };
}

function lanczos(x: number): number {
  return -LOBES <= x && x < LOBES ? sinc(x) * sinc(x / LOBES) : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

function roundHalfAway(value: number): number {
  return Math.trunc(value + (value < 0 ? -0.5 : 0.5));
}
