/** Against CodeFormer's own FaceRestoreHelper (tools/golden/restoration_paste.py). */
import { expect, test } from 'vitest';
import { invert, shift } from '../../src/core/geometry';
import { type Plane, plane, raster } from '../../src/core/raster';
import { alignFace } from '../../src/pipeline/alignFace';
import { isGray } from '../../workers/restoration/gray';
import { placedMask, placedPlane, placedSquare } from '../../workers/restoration/layer';
import { parsingMask } from '../../workers/restoration/parsingMask';
import { pasteFrame } from '../../workers/restoration/pasteFrame';
import { squareMask } from '../../workers/restoration/squareMask';
import {
  cases,
  classesOf,
  colourDifference,
  cutSquare,
  inWhole,
  pastedPhoto,
  photoOf,
  pointsOf,
  shareDifference,
  toSquareOf,
} from './restorationCases';

/** Bilinear values of noise at .5 may round the other way. */
const ROUNDING = { largest: 1, mean: 0.003 };
/** The reference cuts fractions off, which the soft edge has. */
const TRUNCATION = { largest: 2, mean: 0.5 };

test.each(cases)('seed $seed: the square is cut as the reference cuts it', (one) => {
  const { largest, mean, meansApart } = colourDifference(
    cutSquare(photoOf(one), toSquareOf(one)),
    one.square,
  );
  expect(largest).toBeLessThanOrEqual(ROUNDING.largest);
  expect(mean).toBeLessThan(ROUNDING.mean);
  expect(meansApart).toBeLessThan(ROUNDING.mean);
});

test.each(cases)('seed $seed, factor $factor: the masks', (one) => {
  const frame = pasteFrame(toSquareOf(one), photoOf(one), one.factor);
  const [width, height] = one.size.map((side) => side * one.factor) as [number, number];
  const whole = (mask: Plane<'0..1'>) => inWhole(mask, frame.area, width, height);
  const soft = shareDifference(whole(squareMask(frame)), one.soft);
  expect(soft.largest).toBeLessThan(0.0002);
  expect(soft.meansApart).toBeLessThan(1e-6);
  if (!one.parse) return;
  // The reference has this one in double precision, which OpenCV takes from places rounded to 1/32 px: seen at its hard rim.
  const parsed = placedPlane(parsingMask(classesOf(one)), frame);
  const { largest, meansApart } = shareDifference(whole(parsed), one.parsing!);
  expect(largest).toBeLessThan(1 / 64);
  expect(meansApart).toBeLessThan(1e-5);
});

test.each(cases)('seed $seed, factor $factor: pasted, by the reference’s matrix and by our own', (one) => {
  expect(isGray(photoOf(one))).toBe(one.gray);
  for (const toSquare of [toSquareOf(one), alignFace(pointsOf(one), 'lmeds').toSquare]) {
    const { largest, mean, meansApart } = colourDifference(pastedPhoto(one, toSquare), one.pasted);
    expect(largest).toBeLessThanOrEqual(TRUNCATION.largest);
    expect(mean).toBeLessThan(TRUNCATION.mean);
    expect(meansApart).toBeLessThan(TRUNCATION.mean);
  }
});

test('nothing counts at the rim of the area', () => {
  const one = cases[0]!;
  const frame = pasteFrame(toSquareOf(one), photoOf(one), 1);
  const { width, height, data } = placedMask(frame, null);
  let counts = 0;
  for (let i = 0; i < width * height; i += 1) {
    const [x, y] = [i % width, Math.floor(i / width)];
    if (x === 0 || y === 0 || x === width - 1 || y === height - 1) expect(data[i]).toBe(0);
    else if (data[i]! > 0) counts += 1;
  }
  expect(counts).toBeGreaterThan(0.3 * width * height);
});

test('what cannot be pasted is refused', () => {
  const photo = { width: 211, height: 187 };
  const toSquare = toSquareOf(cases[0]!);
  const away = { ...toSquare, tx: toSquare.tx + 5000 };
  expect(pasteFrame(away, photo, 1).area).toMatchObject({ width: 0 });
  expect(() => pasteFrame({ ...toSquare, a: 0, b: 0 }, photo, 1)).toThrow(/no inverse/);
  const frame = pasteFrame(toSquare, photo, 1);
  expect(() => placedSquare(raster(511, 512), frame)).toThrow(/511×512/);
  expect(() => placedMask(frame, plane(512, 256))).toThrow(/512×256/);
  expect(() => parsingMask(new Uint8Array(512 * 511))).toThrow(/classes for/);
  expect(() => parsingMask(new Uint8Array(512 * 512).fill(19))).toThrow(/no class 19/);
});

test('the frame knows the way home: half an enlarged pixel is added where the photo is enlarged', () => {
  const photo = { width: 900, height: 800 };
  const toSquare = shift<'photo', 'crop'>(-37, -53);
  for (const [factor, extra] of [
    [1, 0],
    [2, 1],
    [4, 2],
  ] as const) {
    const home = invert(pasteFrame(toSquare, photo, factor).toSquare);
    // Pixel centres: (0, 0) of the square lies at factor · (37, 53) + extra.
    expect([home.a, home.b, home.c, home.d]).toEqual([factor, 0, 0, factor].map((v) => expect.closeTo(v, 9)));
    expect(home.a * 0.5 + home.tx - 0.5).toBeCloseTo(37 * factor + extra, 9);
    expect(home.d * 0.5 + home.ty - 0.5).toBeCloseTo(53 * factor + extra, 9);
  }
});
