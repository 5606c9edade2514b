/**
 * The Box–Muller step of torch's AVX2 kernel, bit for bit (spec B.13): the polynomials of Cephes (Moshier 1989) in
 * float32, multiplications and additions fused where torch's compiler fuses them.
 */
import { fma32 } from './fma';

const { fround } = Math;

/** Values in a block: the first half are cosines, the second sines. */
export const BLOCK = 16;
const HALF = BLOCK / 2;

const f32 = <T extends readonly number[]>(...numbers: T) => numbers.map(fround) as { [I in keyof T]: number };

/** A uniform number is a multiple of this. */
const STEP = 2 ** -24;
const TWO_PI = fround(2 * Math.PI);
const FOUR_OVER_PI = fround(1.27323954473516);
const SQRT_HALF = fround(Math.SQRT1_2);

/** ln 2 in two parts, π / 4 in three (subtracted): the first ones are short, so that their multiples are exact. */
const LN2_LARGE = 0.693359375;
const LN2_SMALL = fround(-2.1219444e-4);
const [PI_LARGE, PI_MIDDLE, PI_SMALL] = f32(-0.78515625, -2.4187564849853516e-4, -3.774894977445941e-8);

/** Coefficients, highest power first. */
const [L0, L1, L2, L3, L4, L5, L6, L7, L8] = f32(
  7.0376836292e-2,
  -1.151461031e-1,
  1.167699874e-1,
  -1.2420140846e-1,
  1.4249322787e-1,
  -1.6668057665e-1,
  2.0000714765e-1,
  -2.4999993993e-1,
  3.3333331174e-1,
);
const [C0, C1, C2] = f32(2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2);
const [S0, S1, S2] = f32(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1);

/**
 * Turns the 16 uniform numbers at `start` (multiples of 2⁻²⁴, 0 ≤ u < 1) in place into 16 normal ones of mean 0 and
 * deviation 1: u[j] gives the radius, u[j + 8] the angle of the pair j, j + 8.
 */
export function toNormalBlock(values: Float32Array, start: number): void {
  for (let cosine = start; cosine < start + HALF; cosine += 1) {
    const sine = cosine + HALF;
    const radius = fround(Math.sqrt(fround(-2 * logarithm(1 - values[cosine]!))));
    const angle = fround(TWO_PI * values[sine]!);

    // The angle as an even number of eighths of the circle and a rest of −π/4..π/4.
    const octant = (Math.trunc(fround(angle * FOUR_OVER_PI)) + 1) & ~1;
    let rest = fma32(octant, PI_LARGE, angle);
    rest = fma32(octant, PI_MIDDLE, rest);
    rest = fma32(octant, PI_SMALL, rest);
    const square = fround(rest * rest);
    const c = cosineOf(square);
    const s = sineOf(rest, square);

    const swapped = (octant & 2) !== 0;
    const cosineSign = ((octant - 2) & 4) === 0 ? -1 : 1;
    const sineSign = (octant & 4) !== 0 ? -1 : 1;
    // + 0: no negative zero, as in torch, which adds the mean.
    values[cosine] = fround(radius * cosineSign * (swapped ? s : c)) + 0;
    values[sine] = fround(radius * sineSign * (swapped ? c : s)) + 0;
  }
}

/** Natural logarithm of a multiple of 2⁻²⁴, 0 < u ≤ 1. */
function logarithm(u: number): number {
  // u = mantissa · 2 ** exponent, 0.5 ≤ mantissa < 1: the leading bit of its 24-bit count of steps says it.
  let exponent = 8 - Math.clz32(u / STEP);
  const mantissa = u * 2 ** -exponent;
  let x = fround(mantissa - 1);
  if (mantissa < SQRT_HALF) {
    exponent -= 1;
    x = fround(x + mantissa);
  }
  const square = fround(x * x);
  let y = fma32(L0, x, L1);
  y = fma32(y, x, L2);
  y = fma32(y, x, L3);
  y = fma32(y, x, L4);
  y = fma32(y, x, L5);
  y = fma32(y, x, L6);
  y = fma32(y, x, L7);
  y = fma32(y, x, L8);
  y = fround(y * x);
  y = fma32(y, square, fround(exponent * LN2_SMALL));
  y = fround(y - 0.5 * square);
  return fma32(exponent, LN2_LARGE, fround(x + y));
}

/** Cosine of an angle −π/4..π/4 (radians) from its square. */
function cosineOf(square: number): number {
  let y = fma32(C0, square, C1);
  y = fma32(y, square, C2);
  y = fround(y * square);
  return fround(fma32(y, square, -0.5 * square) + 1);
}

/** Sine of an angle −π/4..π/4 (radians). */
function sineOf(angle: number, square: number): number {
  let y = fma32(S0, square, S1);
  y = fma32(y, square, S2);
  return fma32(fround(y * square), angle, angle);
}
