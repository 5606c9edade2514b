/** Erosion and blur against OpenCV 5 (test/golden/opencv.json, made by tools/golden/opencv.py). */
import { expect, test } from 'vitest';
import { type Plane, plane } from '../../src/core/raster';
import { erode } from '../../src/pixels/erode';
import { gaussianBlur, gaussianKernel } from '../../src/pixels/gaussianBlur';
import { warpPlane } from '../../src/pixels/warp';
import golden from '../golden/opencv.json' with { type: 'json' };
import { noiseBytes } from './noise';

const BLACK = { kind: 'constant', values: [0] } as const;

function noisePlane([width, height]: readonly number[], seed: number): Plane<'0..1'> {
  return plane(
    width!,
    height!,
    Float32Array.from(noiseBytes(width! * height!, seed), (byte) => byte / 255),
  );
}

function floatsOf(hex: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(hex, 'hex')).buffer);
}

function largestDifference(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length);
  return actual.reduce((largest, value, i) => Math.max(largest, Math.abs(value - expected[i]!)), 0);
}

test.each(golden.erode)('erode $from by $side', ({ seed, from, side, result }) => {
  const codes = erode(noisePlane(from, seed), side).data.map((value) => Math.round(value * 255));
  expect(Buffer.from(codes).toString('hex')).toBe(result);
});

test.each(golden.gaussian)('blur $from by $size, sigma $sigma', ({ seed, from, size, sigma, result }) => {
  const { data } = gaussianBlur(noisePlane(from, seed), size, sigma);
  // The last bit of a float32: of some sums the order is another.
  expect(largestDifference(data, floatsOf(result))).toBeLessThan(2e-7);
});

test('a blurred mask is what it is beside a mask of the same value but for one pixel', () => {
  // All windows but those round the pixel are of one value: they are not summed again.
  const even = plane<'0..1'>(41, 37, new Float32Array(41 * 37).fill(1));
  const dotted = plane<'0..1'>(41, 37, even.data.slice());
  dotted.data[18 * 41 + 20] = 0.25;
  const [one, other] = [gaussianBlur(even, 13, 0), gaussianBlur(dotted, 13, 0)];
  const far = one.data.filter((value, i) => {
    const near = Math.abs((i % 41) - 20) <= 6 && Math.abs(Math.floor(i / 41) - 18) <= 6;
    expect(near ? value > other.data[i]! : value === other.data[i]!).toBe(true);
    return !near;
  });
  expect(new Set(far).size).toBe(1);
});

test('the weights of a blur add up to 1; an even size is refused', () => {
  expect(gaussianKernel(51, 0).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  // Spec C.5: the deviation of 51 px is 8.
  const wanted = gaussianKernel(51, 8);
  expect(gaussianKernel(51, 0).every((weight, i) => Math.abs(weight - wanted[i]!) < 1e-15)).toBe(true);
  for (const size of [0, 4, 2.5, Number.NaN]) expect(() => gaussianKernel(size, 0)).toThrow(RangeError);
  for (const side of [0, 2.5, Number.NaN]) expect(() => erode(plane(3, 2), side)).toThrow(RangeError);
});

test('a window of a warp has the values that the whole has there', () => {
  const source = noisePlane([29, 26], 5);
  const map = { a: 0.83, b: -0.31, c: 0.31, d: 0.83, tx: -1788.625, ty: -3101.75 };
  const [x, y] = [3120, 2574];
  const whole = warpPlane(source, map, { width: 3160, height: 2600, border: BLACK });
  const part = warpPlane(source, map, { width: 23, height: 19, border: BLACK, origin: { x, y } });
  const rows = Array.from({ length: 19 }, (_, row) =>
    whole.data.subarray((y + row) * 3160 + x, (y + row) * 3160 + x + 23),
  );
  expect(Array.from(part.data)).toEqual(rows.flatMap((row) => Array.from(row)));
  expect(part.data.some((value) => value > 0)).toBe(true);
});
