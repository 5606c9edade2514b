/** Properties of the kernels that need no outside reference. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plane, raster } from '../../src/core/raster';
import { composite } from '../../src/pixels/composite';
import { halve } from '../../src/pixels/halve';
import { resample } from '../../src/pixels/resample';
import { layUpright, type Orientation, upright } from '../../src/pixels/upright';
import { noise } from './noise';

/** One picture, as a matrix of letters, in all eight storages; upright it reads `abc / def`. */
const stored: Readonly<Record<Orientation, readonly string[]>> = {
  1: ['abc', 'def'],
  2: ['cba', 'fed'],
  3: ['fed', 'cba'],
  4: ['def', 'abc'],
  5: ['ad', 'be', 'cf'],
  6: ['cf', 'be', 'ad'],
  7: ['fc', 'eb', 'da'],
  8: ['da', 'eb', 'fc'],
};

function letters(rows: readonly string[]) {
  const words = Uint32Array.from([...rows.join('')].map((letter) => letter.charCodeAt(0)));
  return raster<'photo'>(rows[0]!.length, rows.length, new Uint8ClampedArray(words.buffer));
}

test.each(Object.entries(stored))('orientation %s comes out upright', (key, rows) => {
  const orientation = Number(key) as Orientation;
  expect(upright(letters(rows), orientation)).toEqual(letters(stored[1]));
});

test('laying a picture upright strip by strip equals laying it at once', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 5 }),
      (width, height, orientation, stripRows) => {
        const picture = noise<'photo'>(width, height, width * 100 + height);
        const words = new Uint32Array(picture.data.buffer);
        const target = new Uint32Array(width * height);
        for (let y = 0; y < height; y += stripRows) {
          const strip = words.subarray(y * width, Math.min(height, y + stripRows) * width);
          layUpright(strip, y, picture, orientation as Orientation, target);
        }
        const expected = upright(picture, orientation as Orientation);
        expect(new Uint8ClampedArray(target.buffer)).toEqual(expected.data);
      },
    ),
  );
});

test('halving averages 2 × 2, repeats the odd edge and weighs colours by alpha', () => {
  const picture = raster<'photo'>(
    3,
    2,
    Uint8ClampedArray.from([
      ...[10, 20, 30, 255],
      ...[11, 22, 33, 255],
      ...[200, 100, 50, 255],
      ...[12, 24, 36, 255],
      ...[13, 26, 39, 255],
      ...[9, 9, 9, 0],
    ]),
  );
  expect([...halve(picture).data]).toEqual([12, 23, 35, 255, 200, 100, 50, 128]);
});

test('an exact half by resample is the halved picture', () => {
  const picture = noise<'photo'>(16, 10, 77);
  const area = { x: 0, y: 0, width: 16, height: 10 };
  const half = resample<'photo', 'view'>(picture, area, 8, 5);
  halve<'photo', 'view'>(picture).data.forEach((value, i) => {
    expect(Math.abs(value - half.data[i]!)).toBeLessThanOrEqual(1);
  });
});

test('resampling a flat picture keeps its colour at any size and any part', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0, max: 5, noNaN: true }),
      fc.double({ min: 0.5, max: 14, noNaN: true }),
      (width, height, start, length) => {
        const flat = raster<'photo'>(20, 20);
        new Uint32Array(flat.data.buffer).fill(0xff_7b_2d_c1);
        const part = { x: start, y: start, width: length, height: length };
        const result = resample<'photo', 'view'>(flat, part, width, height);
        expect(new Set(new Uint32Array(result.data.buffer))).toEqual(new Set([0xff_7b_2d_c1]));
      },
    ),
  );
});

test('resampling refuses an area outside the source, in numbers', () => {
  const picture = noise<'photo'>(8, 8, 3);
  expect(() => resample(picture, { x: 2, y: 0, width: 7, height: 4 }, 3, 3)).toThrow('7×4');
});

test('composite: alpha 0 keeps every bit, alpha 1 takes the colour, transparency stays', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (seed) => {
      const base = noise<'photo'>(7, 5, seed);
      const over = noise<'photo'>(7, 5, seed + 1);
      const alpha = plane<'0..1'>(7, 5);
      alpha.data.forEach((_, i) => {
        alpha.data[i] = [0, 1, 0.4][i % 3]!;
      });
      const before = base.data.slice();
      const result = composite(base, over, alpha);
      expect(base.data).toEqual(before);
      for (let p = 0; p < alpha.data.length; p += 1) {
        const at = (picture: typeof base) => [...picture.data.subarray(p * 4, p * 4 + 4)];
        const [r, g, b] = at(over);
        if (p % 3 === 0) expect(at(result)).toEqual(at(base));
        if (p % 3 === 1) expect(at(result)).toEqual([r, g, b, at(base)[3]]);
      }
    }),
  );
});
