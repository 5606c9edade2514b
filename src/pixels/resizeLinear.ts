import type { Space } from '../core/geometry';
import { type Raster, raster, wordsOf } from '../core/raster';
import { roundHalfEven } from '../core/units';
import { centredPlace, type Place, placeAt, resizeSeparably, type Taps, tapsOf } from './separable';

/**
 * `cv2.resize(…, (width, height), interpolation=INTER_LINEAR)` on 8-bit RGBA, all channels alike, bit for
 * bit (spec D.5): fixed-point bilinear that does not average when it shrinks, except that an exact halving
 * is the 2 × 2 mean.
 * @throws RangeError when the size is not whole and positive
 */
export function resizeLinear<S extends Space, T extends Space>(
  source: Raster<S>,
  width: number,
  height: number,
): Raster<T> {
  const target = raster<T>(width, height);
  if (source.width === 2 * width && source.height === 2 * height) meanOfFour(source, target);
  else placeLinearly(source, target, centredPlace);
  return target;
}

/**
 * `cv2.resize(…, None, fx=factor, fy=factor, interpolation=INTER_LINEAR)`, bit for bit. The size is rounded, and steps of
 * 1 / factor go over it: a little otherwise than when that size is asked for.
 * @param factor above 1
 */
export function enlargeLinear<S extends Space, T extends Space>(
  source: Raster<S>,
  factor: number,
): Raster<T> {
  const [width, height] = [source.width, source.height].map((side) => roundHalfEven(side * factor));
  const target = raster<T>(width!, height!);
  placeLinearly(source, target, (i) => placeAt(i, 1 / factor));
  return target;
}

/**
 * Fills `target` with mixtures of the two pixels at and after each place, in both axes. (OpenCV drops the
 * fraction beyond the first and the last column; repeating the edge comes to the same.)
 */
export function placeLinearly(
  source: Raster<Space>,
  target: Raster<Space>,
  placeOf: (i: number, from: number, to: number) => Place,
): void {
  const columns = linearTaps(source.width, target.width, placeOf);
  const rows = linearTaps(source.height, target.height, placeOf);
  resizeSeparably(source, target, columns, rows, mixTwo);
}

function linearTaps(from: number, to: number, placeOf: typeof centredPlace): Taps {
  return tapsOf(from, to, 2, placeOf, (fraction, out) => {
    out[0] = 1 - fraction;
    out[1] = fraction;
  });
}

function mixTwo(lines: readonly Int32Array[], weights: Int32Array, at: number, out: Uint8ClampedArray): void {
  const upper = lines[0]!;
  const lower = lines[1]!;
  const b0 = weights[at]!;
  const b1 = weights[at + 1]!;
  for (let i = 0; i < out.length; i += 1) {
    out[i] = ((Math.imul(b0, upper[i]! >> 4) >> 16) + (Math.imul(b1, lower[i]! >> 4) >> 16) + 2) >> 2;
  }
}

/** (sum + 2) >> 2, two channels at a time: a sum needs 10 of the 16 bits. */
function meanOfFour(source: Raster<Space>, target: Raster<Space>): void {
  const from = wordsOf(source);
  const to = wordsOf(target);
  for (let y = 0, o = 0; y < target.height; y += 1) {
    let upper = 2 * y * source.width;
    let lower = upper + source.width;
    for (let x = 0; x < target.width; x += 1, o += 1, upper += 2, lower += 2) {
      const p = from[upper]!;
      const q = from[upper + 1]!;
      const r = from[lower]!;
      const s = from[lower + 1]!;
      const even = (p & 0xff00ff) + (q & 0xff00ff) + (r & 0xff00ff) + (s & 0xff00ff) + 0x20002;
      const odd =
        ((p >>> 8) & 0xff00ff) +
        ((q >>> 8) & 0xff00ff) +
        ((r >>> 8) & 0xff00ff) +
        ((s >>> 8) & 0xff00ff) +
        0x20002;
      to[o] = ((even >>> 2) & 0xff00ff) | (((odd >>> 2) & 0xff00ff) << 8);
    }
  }
}
