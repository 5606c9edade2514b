import type { Space } from '../core/geometry';
import { CHANNELS, type Raster, raster, wordsOf } from '../core/raster';

const OPAQUE = 0xff;

/**
 * Half the size: each pixel is the mean of 2 × 2 (sum + 2) >> 2, as OpenCV halves; an odd last row or column
 * is repeated. Colours are weighted by alpha, so that hidden colours do not show at transparent edges.
 */
export function halve<S extends Space, T extends Space>(source: Raster<S>): Raster<T> {
  const width = Math.ceil(source.width / 2);
  const height = Math.ceil(source.height / 2);
  const target = raster<T>(width, height);
  const from = wordsOf(source);
  const to = wordsOf(target);
  for (let y = 0; y < height; y += 1) {
    const upper = 2 * y * source.width;
    const lower = Math.min(2 * y + 1, source.height - 1) * source.width;
    for (let x = 0; x < width; x += 1) {
      const left = 2 * x;
      const right = Math.min(left + 1, source.width - 1);
      const p = from[upper + left]!;
      const q = from[upper + right]!;
      const r = from[lower + left]!;
      const s = from[lower + right]!;
      const out = y * width + x;
      if ((p & q & r & s) >>> 24 === OPAQUE) {
        // Two channels at a time, each with 8 bits of headroom.
        const even = (p & 0xff00ff) + (q & 0xff00ff) + (r & 0xff00ff) + (s & 0xff00ff) + 0x20002;
        const odd = ((p >>> 8) & 0xff) + ((q >>> 8) & 0xff) + ((r >>> 8) & 0xff) + ((s >>> 8) & 0xff) + 2;
        to[out] = ((even >>> 2) & 0xff00ff) | (((odd >>> 2) & 0xff) << 8) | 0xff000000;
      } else {
        weighted([p, q, r, s], target.data, out * CHANNELS);
      }
    }
  }
  return target;
}

/** The mean of four little-endian RGBA pixels, colours weighted by alpha. */
function weighted(pixels: readonly number[], out: Uint8ClampedArray, at: number): void {
  let alpha = 0;
  const sums = [0, 0, 0];
  for (const pixel of pixels) {
    const weight = pixel >>> 24;
    alpha += weight;
    for (let c = 0; c < 3; c += 1) sums[c]! += weight * ((pixel >>> (8 * c)) & 0xff);
  }
  for (let c = 0; c < 3; c += 1) out[at + c] = alpha === 0 ? 0 : sums[c]! / alpha;
  out[at + 3] = (alpha + 2) >> 2;
}
