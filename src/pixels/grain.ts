/** Noise of a photo: measured on its skin, added where a patch is smoother. */
import type { Rect, Space } from '../core/geometry';
import { CHANNELS, type Plane, type Raster } from '../core/raster';
import { gaussian } from './random';

/** Deviations of luma in codes 0..255, at the picture's own scale and after 2 × 2 averaging. */
export interface Grain {
  readonly fine: number;
  readonly coarse: number;
}

/** Fewer pixels than this say nothing about noise. */
const LEAST_SAMPLES = 64;
/** More grain than this is texture or damage; nobody wants it copied. */
const MOST_GRAIN = 14;
/**
 * A mix by alpha a keeps (1 − a)² of the one variance and a² of the other: the patch needs 2(1 − a)/a of the wanted
 * one more. Below this alpha the original's own grain is enough.
 */
const LEAST_MIX = 0.35;
/** What softened noise measures, per unit of its own variance. */
const SOFT_FINE = 0.036;
const SOFT_COARSE = 0.244;
/** Blotches have part of their energy at lower frequencies than softened noise: all of it would be too rough. */
const SOFT_SHARE = 0.6;

/**
 * Robust second-difference estimate (Immerkær 1996, median instead of mean) over the pixels of `area` where
 * `ring` has weight. Null when they are too few.
 */
export function measureGrain(picture: Raster<Space>, ring: Plane<'0..1'>, area: Rect<Space>): Grain | null {
  const fine = deviation(picture, ring, area, 1);
  const coarse = deviation(picture, ring, area, 2);
  return fine === null || coarse === null ? null : { fine, coarse };
}

/** What has to be added to `found` to reach `wanted`, in variances of white and of soft noise. */
export function missingGrain(wanted: Grain, found: Grain): { readonly white: number; readonly soft: number } {
  const lack = (w: number, f: number) => Math.max(0, Math.min(w, MOST_GRAIN) ** 2 - f ** 2);
  const fine = lack(wanted.fine, found.fine);
  const coarse = lack(wanted.coarse, found.coarse);
  const soft = SOFT_SHARE * Math.max(0, (coarse - fine / 4) / (SOFT_COARSE - SOFT_FINE / 4));
  return { white: Math.max(0, fine - SOFT_FINE * soft), soft };
}

/**
 * Grey noise over `area`, the same for the same seed. Where `alpha` mixes two pictures their grains average out:
 * there the patch gets more, so that the mix has `wanted` again.
 */
export function addGrain<S extends Space>(
  picture: Raster<S>,
  area: Rect<S>,
  missing: { readonly white: number; readonly soft: number },
  wanted: Grain,
  alpha: Plane<'0..1'>,
  seed: number,
): Raster<S> {
  const data = new Uint8ClampedArray(picture.data);
  const { width, height } = area;
  const white = gaussian(width * height, seed);
  const soft = softened(gaussian((width + 2) * (height + 2), seed + 1), width, height);
  const softBy = Math.sqrt(missing.soft);
  const full = Math.min(wanted.fine, MOST_GRAIN) ** 2;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const index = (area.y + y) * picture.width + area.x + x;
      const a = alpha.data[index]!;
      if (a <= 0) continue;
      const mixing = (2 * (1 - a)) / Math.max(a, LEAST_MIX);
      const value =
        Math.sqrt(missing.white + full * mixing) * white[y * width + x]! + softBy * soft[y * width + x]!;
      for (let c = 0; c < 3; c++) data[index * CHANNELS + c] = data[index * CHANNELS + c]! + value;
    }
  return { width: picture.width, height: picture.height, data };
}

/** Binomial 3 × 3 blur of noise that is two pixels larger, brought back to deviation 1. */
function softened(noise: Float32Array, width: number, height: number): Float32Array {
  const columns = width + 2;
  const across = new Float32Array(width * (height + 2));
  for (let y = 0; y < height + 2; y++)
    for (let x = 0; x < width; x++) {
      const k = y * columns + x;
      across[y * width + x] = (noise[k]! + 2 * noise[k + 1]! + noise[k + 2]!) / 4;
    }
  const out = new Float32Array(width * height);
  /** The blur leaves 3/8 of the deviation: √(6/16)². */
  const restore = 8 / 3;
  for (let i = 0; i < out.length; i++)
    out[i] = (restore * (across[i]! + 2 * across[i + width]! + across[i + 2 * width]!)) / 4;
  return out;
}

function deviation(
  picture: Raster<Space>,
  ring: Plane<'0..1'>,
  area: Rect<Space>,
  step: number,
): number | null {
  const columns = Math.floor(area.width / step);
  const rows = Math.floor(area.height / step);
  const luma = new Float32Array(columns * rows);
  const used = new Uint8Array(columns * rows);
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      let sum = 0;
      let weight = 0;
      for (let dy = 0; dy < step; dy++)
        for (let dx = 0; dx < step; dx++) {
          const index = (area.y + j * step + dy) * picture.width + area.x + i * step + dx;
          const k = index * CHANNELS;
          sum += 0.299 * picture.data[k]! + 0.587 * picture.data[k + 1]! + 0.114 * picture.data[k + 2]!;
          weight += ring.data[index]!;
        }
      luma[j * columns + i] = sum / (step * step);
      used[j * columns + i] = weight > 0 ? 1 : 0;
    }
  const found: number[] = [];
  for (let j = 1; j < rows - 1; j++)
    for (let i = 1; i < columns - 1; i++) {
      const at = j * columns + i;
      if (!used[at]) continue;
      const cross = luma[at - 1]! + luma[at + 1]! + luma[at - columns]! + luma[at + columns]!;
      const diagonal =
        luma[at - columns - 1]! + luma[at - columns + 1]! + luma[at + columns - 1]! + luma[at + columns + 1]!;
      found.push(Math.abs(diagonal - 2 * cross + 4 * luma[at]!));
    }
  if (found.length < LEAST_SAMPLES) return null;
  const sorted = Float32Array.from(found).sort();
  return sorted[sorted.length >> 1]! / (0.6745 * 6);
}
