/** Our kernels against OpenCV 5 (test/golden/opencv.json, made by tools/golden/opencv.py). */
import { expect, test } from 'vitest';
import { type Affine, invert, type Space } from '../../src/core/geometry';
import { plane, type Raster, raster } from '../../src/core/raster';
import { roundHalfEven } from '../../src/core/units';
import { opencvResize } from '../../src/pixels/opencvResize';
import { resample } from '../../src/pixels/resample';
import { REPLICATE, warpPlane, warpRaster } from '../../src/pixels/warp';
import golden from '../golden/opencv.json' with { type: 'json' };
import { noise, noiseBytes } from './noise';

const bytesOf = (hex: string) => Uint8ClampedArray.from(Buffer.from(hex, 'hex'));

/** Share of values that differ, and the largest difference. */
function difference(actual: ArrayLike<number>, expected: ArrayLike<number>) {
  expect(actual.length).toBe(expected.length);
  let count = 0;
  let largest = 0;
  for (let i = 0; i < actual.length; i += 1) {
    const distance = Math.abs(actual[i]! - expected[i]!);
    if (distance > 0) count += 1;
    largest = Math.max(largest, distance);
  }
  return { share: count / actual.length, largest };
}

/** OpenCV's source → target matrix, integer pixel centres, as our target → source map. */
function toSourceOf(matrix: readonly (readonly number[])[]): Affine<'crop', 'photo'> {
  const [[a, b, tx], [c, d, ty]] = matrix as [[number, number, number], [number, number, number]];
  const map: Affine<'photo', 'crop'> = {
    a,
    b,
    c,
    d,
    tx: tx + 0.5 - (a + b) / 2,
    ty: ty + 0.5 - (c + d) / 2,
  };
  return invert(map);
}

function opaque(picture: Raster<Space>): Raster<Space> {
  for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = 255;
  return picture;
}

const whole = (r: Raster<Space>) => ({ x: 0, y: 0, width: r.width, height: r.height });

const resizes = [
  ...golden.resize.map((wanted) => ({ kernel: 'linear' as const, ...wanted })),
  ...golden.resizeArea.map((wanted) => ({ kernel: 'area' as const, ...wanted })),
  ...golden.resizeLanczos4.map((wanted) => ({ kernel: 'lanczos4' as const, ...wanted })),
];

test.each(resizes)('$kernel $from → $to is cv2.resize, bit for bit', ({ kernel, seed, from, to, result }) => {
  const actual = opencvResize(noise(from[0]!, from[1]!, seed), to[0]!, to[1]!, kernel);
  expect([actual.width, actual.height]).toEqual(to);
  expect(Buffer.from(actual.data.buffer).toString('hex')).toBe(result);
});

test('weights round as rint does: from the middle to the even number', () => {
  expect([0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 2.4999, 2.5001].map(roundHalfEven)).toEqual([
    0, 2, 2, 0, -2, -2, 2, 3,
  ]);
});

test.each(['linear', 'area', 'lanczos4'] as const)(
  '%s: its own size is a copy; a size that is not whole and positive is refused',
  (kernel) => {
    const source = noise(9, 5, 7);
    const same = opencvResize(source, 9, 5, kernel);
    expect(same.data).toEqual(source.data);
    expect(same.data.buffer).not.toBe(source.data.buffer);
    for (const [width, height] of [
      [4.5, 2.5],
      [0, 5],
      [9, -1],
      [Number.NaN, 5],
    ] as const) {
      expect(() => opencvResize(source, width, height, kernel)).toThrow(RangeError);
    }
  },
);

test.each(golden.area)('resample $from → $to averages as INTER_AREA does', ({ seed, from, to, result }) => {
  const source = opaque(noise(from[0]!, from[1]!, seed));
  const actual = resample(source, whole(source), to[0]!, to[1]!);
  const { share, largest } = difference(actual.data, bytesOf(result));
  // OpenCV adds up in float32 and drops slivers below 1e-3 px: values at .5 may round the other way.
  expect(largest).toBeLessThanOrEqual(1);
  expect(share).toBeLessThan(0.005);
});

test.each(golden.cubic)('resample $from → $to enlarges as INTER_CUBIC does', ({ seed, from, to, result }) => {
  const source = noise(from[0]!, from[1]!, seed);
  const actual = resample(source, whole(source), to[0]!, to[1]!);
  const rounded = Uint8ClampedArray.from(result);
  const { share, largest } = difference(actual.data, rounded);
  expect(largest).toBeLessThanOrEqual(1);
  expect(share).toBeLessThan(0.002);
});

test.each(golden.warp)('bilinear warp, border $border', ({ seed, from, to, matrix, border, result }) => {
  const actual = warpRaster(noise<'photo'>(from[0]!, from[1]!, seed), toSourceOf(matrix), {
    width: to[0]!,
    height: to[1]!,
    border: border === 'replicate' ? REPLICATE : { kind: 'constant', values: [135, 133, 132, 40] },
    filter: 'bilinear',
  });
  const { share, largest } = difference(actual.data, bytesOf(result));
  expect(largest).toBeLessThanOrEqual(1);
  expect(share).toBeLessThanOrEqual(0.002);
});

test.each(golden.plane)(
  'bilinear warp of a float plane, seed $seed',
  ({ seed, from, to, matrix, result }) => {
    const values = Float32Array.from(noiseBytes(from[0]! * from[1]!, seed), (byte) => byte / 255);
    const actual = warpPlane(plane<'0..1'>(from[0]!, from[1]!, values), toSourceOf(matrix), {
      width: to[0]!,
      height: to[1]!,
      border: { kind: 'constant', values: [0] },
    });
    expect(difference(actual.data, result).largest).toBeLessThan(5e-6);
  },
);

test('a warp by whole pixels copies', () => {
  const source = noise<'photo'>(9, 8, 5);
  for (const filter of ['bilinear', 'bicubic'] as const) {
    const moved = warpRaster<'photo', 'crop'>(
      source,
      { a: 1, b: 0, c: 0, d: 1, tx: 2, ty: 3 },
      { width: 7, height: 5, border: REPLICATE, filter },
    );
    const expected = raster<'crop'>(7, 5);
    for (let y = 0; y < 5; y += 1) {
      expected.data.set(source.data.subarray(((y + 3) * 9 + 2) * 4, ((y + 3) * 9 + 9) * 4), y * 28);
    }
    expect(moved.data).toEqual(expected.data);
  }
});
