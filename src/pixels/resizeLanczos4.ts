import type { Space } from '../core/geometry';
import { type Raster, raster } from '../core/raster';
import { centredPlace, resizeSeparably, tapsOf } from './separable';

const TAPS = 8;

/** Cosine and sine of 5π/4 · k: the addition theorem gets the sines of all taps from those of the first. */
const TURNS: readonly (readonly [number, number])[] = [
  [1, 0],
  [-Math.SQRT1_2, -Math.SQRT1_2],
  [0, 1],
  [Math.SQRT1_2, -Math.SQRT1_2],
  [-1, 0],
  [Math.SQRT1_2, Math.SQRT1_2],
  [0, -1],
  [-Math.SQRT1_2, Math.SQRT1_2],
];

/** Nearer to a pixel's centre than this (in pixels) its weight outdoes all others. */
const ON_CENTRE = Math.fround(1e-6);
const OVERWHELMING = Math.fround(1e30);

/**
 * `cv2.resize(…, (width, height), interpolation=INTER_LANCZOS4)` on 8-bit RGBA, all channels alike, bit for
 * bit (spec D.5): 8 × 8 source pixels whatever the ratio, so that it does not average when it shrinks.
 * @throws RangeError when the size is not whole and positive
 */
export function resizeLanczos4<S extends Space, T extends Space>(
  source: Raster<S>,
  width: number,
  height: number,
): Raster<T> {
  const target = raster<T>(width, height);
  const columns = tapsOf(source.width, width, TAPS, centredPlace, lanczosWeights);
  const rows = tapsOf(source.height, height, TAPS, centredPlace, lanczosWeights);
  resizeSeparably(source, target, columns, rows, mixEight);
  return target;
}

/** sinc(t) · sinc(t / 4) at t = fraction + 3 … fraction − 4, but for a factor that the sum takes out. */
function lanczosWeights(fraction: number, out: Float32Array): void {
  const farthest = Math.fround(fraction + 3);
  const sine = Math.sin(-farthest * Math.PI * 0.25);
  const cosine = Math.cos(-farthest * Math.PI * 0.25);
  let sum = 0;
  for (const [k, [a, b]] of TURNS.entries()) {
    const t = Math.fround(farthest - k);
    const angle = -t * Math.PI * 0.25;
    out[k] = Math.abs(t) < ON_CENTRE ? OVERWHELMING : (a * sine + b * cosine) / (angle * angle);
    sum = Math.fround(sum + out[k]!);
  }
  const norm = Math.fround(1 / sum);
  for (let k = 0; k < TAPS; k += 1) out[k]! *= norm;
}

/** The sums stay below 2^31: at most 255 · 2^22 times 1.97 (fraction ½, the worst of pictures). */
function mixEight(
  lines: readonly Int32Array[],
  weights: Int32Array,
  at: number,
  out: Uint8ClampedArray,
): void {
  const [l0, l1, l2, l3, l4, l5, l6, l7] = lines as readonly Int32Array[] & { readonly length: 8 };
  const w0 = weights[at]!;
  const w1 = weights[at + 1]!;
  const w2 = weights[at + 2]!;
  const w3 = weights[at + 3]!;
  const w4 = weights[at + 4]!;
  const w5 = weights[at + 5]!;
  const w6 = weights[at + 6]!;
  const w7 = weights[at + 7]!;
  for (let i = 0; i < out.length; i += 1) {
    const sum =
      Math.imul(w0, l0![i]!) +
      Math.imul(w1, l1![i]!) +
      Math.imul(w2, l2![i]!) +
      Math.imul(w3, l3![i]!) +
      Math.imul(w4, l4![i]!) +
      Math.imul(w5, l5![i]!) +
      Math.imul(w6, l6![i]!) +
      Math.imul(w7, l7![i]!);
    out[i] = (sum + (1 << 21)) >> 22;
  }
}
