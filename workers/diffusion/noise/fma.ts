const { fround } = Math;

/**
 * Fused multiply-add in float32, as processors have it: a · b + c, rounded once.
 *
 * The product of two float32 is exact in double precision; the sum is rounded to double. Rounding that again to float32
 * goes wrong only where the double is exactly midway between two float32 and was not the exact sum: then the error of
 * the sum (Knuth's TwoSum) says on which side the exact one lies.
 * @param a float32, as `b` and `c`; a · b + c must be within float32's range
 */
export function fma32(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const near = fround(sum);
  // Only from midway is the point as far on the other side again a float32.
  const opposite = 2 * sum - near;
  if (opposite === near || fround(opposite) !== opposite) return near;
  const added = sum - product;
  const error = product - (sum - added) + (c - added);
  if (error === 0) return near;
  return error > 0 ? Math.max(near, opposite) : Math.min(near, opposite);
}
