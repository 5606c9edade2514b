/** Against CodeFormer's own FaceRestoreHelper (tools/golden/restoration_paste.py). */
import { expect, test } from 'vitest';
import { invert, shift } from '../../src/core/geometry';
import { CHANNELS, plane, raster } from '../../src/core/raster';
import { rasterAt } from '../../src/pixels/window';
import { alignFace } from '../../workers/restoration/align';
import { isGray } from '../../workers/restoration/gray';
import { parsingMask } from '../../workers/restoration/parsingMask';
import { pasteFace, placedPlane } from '../../workers/restoration/pasteFace';
import { type Factor, pasteFrame } from '../../workers/restoration/pasteFrame';
import { cutSquare } from '../../workers/restoration/square';
import { squareMask } from '../../workers/restoration/squareMask';
import { noise } from './noise';
import {
  cases,
  classesOf,
  colourDifference,
  inWhole,
  pastedPhoto,
  photoOf,
  pointsOf,
  shareDifference,
  toSquareOf,
} from './restorationCases';

/** Bilinear values of noise at .5 may round the other way. */
const ROUNDING = { largest: 1, mean: 0.003 };
/** The reference may then be cut off on the other side of a whole number. */
const TRUNCATION = { largest: 2, mean: 0.005 };

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
  const frame = pasteFrame(toSquareOf(one), photoOf(one), one.factor as Factor);
  const [width, height] = one.size.map((side) => side * one.factor) as [number, number];
  const { eroded, soft } = squareMask(frame);
  const parsed = one.parse ? placedPlane(parsingMask(classesOf(one)), frame) : null;
  const pairs = [
    [eroded, one.eroded],
    [soft, one.soft],
    ...(parsed ? [[parsed, one.parsing!] as const] : []),
  ] as const;
  for (const [mask, wanted] of pairs) {
    const { largest, meansApart } = shareDifference(inWhole(mask, frame.area, width, height), wanted);
    expect(largest).toBeLessThan(0.0002);
    expect(meansApart).toBeLessThan(1e-6);
  }
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

test('transparency stays, what was handed in is not written to, and nothing changes at the rim of the area', () => {
  const one = cases[0]!;
  const frame = pasteFrame(toSquareOf(one), photoOf(one), 1);
  const background = rasterAt(noise<'enlarged'>(211, 187, 31), frame.area);
  const before = background.data.slice();
  const face = noise<'tensor'>(512, 512, 33);
  const { width, height, data } = pasteFace(background, frame, face, null);
  expect(background.data).toEqual(before);
  let changed = 0;
  for (let i = 0; i < width * height; i += 1) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const same = [0, 1, 2].every((c) => data[i * CHANNELS + c] === before[i * CHANNELS + c]);
    expect(data[i * CHANNELS + 3]).toBe(before[i * CHANNELS + 3]);
    if (x === 0 || y === 0 || x === width - 1 || y === height - 1) expect(same).toBe(true);
    if (!same) changed += 1;
  }
  expect(changed).toBeGreaterThan(0.3 * width * height);
});

test('what cannot be pasted is refused', () => {
  const photo = { width: 211, height: 187 };
  const toSquare = toSquareOf(cases[0]!);
  const away = { ...toSquare, tx: toSquare.tx + 5000 };
  expect(() => pasteFrame(away, photo, 1)).toThrow(/outside the photo/);
  expect(() => pasteFrame({ ...toSquare, a: 0, b: 0 }, photo, 1)).toThrow(/no inverse/);
  const frame = pasteFrame(toSquare, photo, 1);
  const face = noise<'tensor'>(512, 512, 33);
  expect(() => pasteFace(raster(frame.area.width, frame.area.height + 1), frame, face, null)).toThrow(
    /sizes differ/,
  );
  const background = raster<'enlarged'>(frame.area.width, frame.area.height);
  expect(() => pasteFace(background, frame, raster(511, 512), null)).toThrow(/511×512/);
  expect(() => pasteFace(background, frame, face, plane(512, 256))).toThrow(/512×256/);
  expect(() => parsingMask(new Uint8Array(512 * 511))).toThrow(/classes for/);
  expect(() => parsingMask(new Uint8Array(512 * 512).fill(19))).toThrow(/no class 19/);
});

test('the frame knows the way home: half an enlarged pixel is added where the photo is enlarged', () => {
  const photo = { width: 900, height: 800 };
  const toSquare = shift<'photo', 'tensor'>(-37, -53);
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
