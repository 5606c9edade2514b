/** Sharpness of two squares of one face compared, and the blur that makes the sharper one equal. */
import { type Affine, apply, point, type Rect, type Space } from '../core/geometry';
import { CHANNELS, type Raster, raster } from '../core/raster';
import { bicubicSampler } from './sample';

/** Share of the pixels, those on the strongest edges, that sharpness is read from: there noise matters least. */
const EDGE_SHARE = 0.12;
/** Fine energy on edges against that of noise from which sharpness can be read. */
const EDGE_OVER_NOISE = 2;
/** Fine energy (codes²) of flat parts that counts as noise at all. */
const NOISE_SEEN = 1;
/** Deviations to choose from, each visibly softer than the one before. */
export const BLURS_PX = [0.45, 0.6, 0.8, 1, 1.3, 1.7, 2.2, 3] as const;
/** Below this share of the photo's sharpness a donor looks soft beside it. */
const SOFT_BELOW = 0.6;
/** Sharpness that differs by less than this factor is the same to the eye. */
export const ALIKE = 1.15;

export interface SharpnessMatch {
  /** Gaussian deviation for the donor, in target px. */
  readonly blurPx: number;
  readonly softer: boolean;
}

/** @param area part of the target with edges in it: brows and eyes. @param toSource where the same face lies. */
export function matchSharpness(
  target: Raster<'crop'>,
  source: Raster<'source'>,
  toSource: Affine<'crop', 'source'>,
  area: Rect<'crop'>,
): SharpnessMatch {
  const wanted = sharpnessOf(
    lumaAt(target, area, (x, y) => ({ x, y })),
    area,
  );
  const patch = lumaAt(source, area, (x, y) => apply(toSource, point<'crop'>(x, y)));
  const found = sharpnessOf(patch, area);
  if (wanted === null || found === null) return { blurPx: 0, softer: false };
  if (found <= wanted * ALIKE) return { blurPx: 0, softer: found < SOFT_BELOW * wanted };
  let best = 0;
  let bestOff = Math.log(found / wanted);
  for (const blurPx of BLURS_PX) {
    const now = sharpnessOf(blurPlane(patch, area.width, area.height, blurPx), area);
    const off = now === null ? Infinity : Math.abs(Math.log(now / wanted));
    if (off >= bestOff) continue;
    bestOff = off;
    best = blurPx;
  }
  return { blurPx: best, softer: false };
}

/**
 * Energy of the finest octave over that of the next, on the strongest edges: free of contrast. Noise, known from the
 * flattest quarter of the area, is taken off both; null when it drowns the edges.
 */
export function sharpnessOf(luma: Float32Array, area: Pick<Rect<Space>, 'width' | 'height'>): number | null {
  const once = blurPlane(luma, area.width, area.height, 1);
  const twice = blurPlane(once, area.width, area.height, 1.7);
  const strength = luma.map((_, i) => Math.abs(once[i]! - twice[i]!));
  const sorted = strength.slice().sort();
  const edge = sorted[Math.floor((1 - EDGE_SHARE) * strength.length)]!;
  const flat = sorted[strength.length >> 2]!;
  const edges = { fine: 0, coarse: 0, count: 0 };
  const flats = { fine: 0, coarse: 0, count: 0 };
  for (let i = 0; i < luma.length; i++) {
    const into = strength[i]! >= edge ? edges : strength[i]! <= flat ? flats : null;
    if (!into) continue;
    into.fine += (luma[i]! - once[i]!) ** 2;
    into.coarse += strength[i]! ** 2;
    into.count++;
  }
  const noise = flats.fine / flats.count;
  if (noise > NOISE_SEEN && edges.fine / edges.count < EDGE_OVER_NOISE * noise) return null;
  const fine = edges.fine / edges.count - noise;
  const coarse = edges.coarse / edges.count - flats.coarse / flats.count;
  return Math.sqrt(Math.max(fine, 0) / Math.max(coarse, 1e-6)) + 1e-3;
}

/** Codes 0..255, row by row. */
export function lumaOf({ data }: Raster<Space>): Float32Array {
  const out = new Float32Array(data.length / CHANNELS);
  for (let i = 0, at = 0; i < out.length; i += 1, at += CHANNELS)
    out[i] = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
  return out;
}

function lumaAt(
  picture: Raster<Space>,
  area: Rect<'crop'>,
  place: (x: number, y: number) => { readonly x: number; readonly y: number },
): Float32Array {
  const sample = bicubicSampler(picture);
  const rgb = new Float64Array(3);
  const out = new Float32Array(area.width * area.height);
  for (let y = 0; y < area.height; y++)
    for (let x = 0; x < area.width; x++) {
      const p = place(area.x + x + 0.5, area.y + y + 0.5);
      sample(p.x, p.y, rgb);
      out[y * area.width + x] = 0.299 * rgb[0]! + 0.587 * rgb[1]! + 0.114 * rgb[2]!;
    }
  return out;
}

/** Blurs `area` of the picture, the rest is copied. */
export function blurArea<S extends Space>(picture: Raster<S>, area: Rect<S>, sigmaPx: number): Raster<S> {
  const out = raster<S>(picture.width, picture.height, new Uint8ClampedArray(picture.data));
  if (sigmaPx <= 0) return out;
  for (let c = 0; c < 3; c++) {
    const channel = new Float32Array(area.width * area.height);
    const at = (i: number) =>
      ((area.y + Math.floor(i / area.width)) * picture.width + area.x + (i % area.width)) * CHANNELS + c;
    for (let i = 0; i < channel.length; i++) channel[i] = picture.data[at(i)]!;
    const soft = blurPlane(channel, area.width, area.height, sigmaPx);
    for (let i = 0; i < channel.length; i++) out.data[at(i)] = soft[i]!;
  }
  return out;
}

/** Separable Gaussian, edges repeated. */
export function blurPlane(plane: Float32Array, width: number, height: number, sigmaPx: number): Float32Array {
  if (sigmaPx <= 0) return plane;
  const reach = Math.ceil(3 * sigmaPx);
  const taps = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigmaPx ** 2)),
  );
  const norm = taps.reduce((sum, tap) => sum + tap, 0);
  const weights = Float64Array.from(taps, (tap) => tap / norm);
  const across = new Float32Array(plane.length);
  const row = new Float32Array(width + 2 * reach);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    row.fill(plane[start]!, 0, reach);
    row.set(plane.subarray(start, start + width), reach);
    row.fill(plane[start + width - 1]!, reach + width);
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * row[x + k]!;
      across[start + x] = sum;
    }
  }
  const out = new Float32Array(plane.length);
  const sums = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let k = 0; k < weights.length; k++) {
      const start = Math.min(Math.max(y + k - reach, 0), height - 1) * width;
      for (let x = 0; x < width; x++) sums[x]! += weights[k]! * across[start + x]!;
    }
    out.set(sums, y * width);
  }
  return out;
}
