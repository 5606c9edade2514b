import { expect, test } from 'vitest';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import { sharpener } from '../../src/pixels/sharpen';

const WIDTH = 40;
const HEIGHT = 5;
const DARK = [61, 43, 37];
const LIGHT = [181, 163, 157];
/** Of the ramp from dark on the left to light on the right, px. */
const FIRST = 17;
const LAST = 23;

/** A soft edge whose channels differ by the same everywhere. */
function softEdge(): Raster<'crop'> {
  const picture = raster<'crop'>(WIDTH, HEIGHT);
  for (let i = 0; i < WIDTH * HEIGHT; i += 1) {
    const share = Math.min(Math.max(((i % WIDTH) - FIRST) / (LAST - FIRST), 0), 1);
    const codes = DARK.map((dark, c) => dark + share * (LIGHT[c]! - dark));
    picture.data.set([...codes, 173], i * CHANNELS);
  }
  return picture;
}

/** The middle row. */
function row({ data }: Raster<'crop'>, channel: number): number[] {
  const from = (HEIGHT >> 1) * WIDTH;
  return Array.from({ length: WIDTH }, (_, x) => data[(from + x) * CHANNELS + channel]!);
}

const steepest = (codes: readonly number[]) => Math.max(...codes.slice(1).map((code, i) => code - codes[i]!));

test('an edge becomes steeper the more it is sharpened, and its sides stay as they are', () => {
  const sharpened = sharpener(softEdge(), 1.5);
  const slopes = [0, 1, 3].map((amount) => steepest(row(sharpened(amount), 0)));
  expect(slopes[0]).toBe(20);
  expect(slopes[1]).toBeGreaterThanOrEqual(23);
  expect(slopes[2]).toBeGreaterThan(slopes[1]! + 3);
  const codes = row(sharpened(3), 0);
  expect(codes.slice(0, FIRST)).toEqual(Array(FIRST).fill(DARK[0]));
  expect(codes.slice(LAST + 1)).toEqual(Array(WIDTH - LAST - 1).fill(LIGHT[0]));
});

test('no dark or bright seam comes beside it, however much it is sharpened', () => {
  const codes = row(sharpener(softEdge(), 2)(50), 1);
  expect(Math.min(...codes)).toBe(DARK[1]);
  expect(Math.max(...codes)).toBe(LIGHT[1]);
  expect(codes).toEqual(codes.toSorted((a, b) => a - b));
});

test('colours keep their differences, alpha and the picture itself stay', () => {
  const picture = softEdge();
  const sharp = sharpener(picture, 1.5)(2);
  expect(row(sharp, 0)).not.toEqual(row(picture, 0));
  expect(row(sharp, 0).map((code, x) => code - row(sharp, 2)[x]!)).toEqual(Array(WIDTH).fill(24));
  expect(new Set(row(sharp, 3))).toEqual(new Set([173]));
  expect(picture).toEqual(softEdge());
  expect(sharpener(picture, 1.5)(0)).toEqual(picture);
});

test('what lies across and down is one neighbourhood: a spot is no brighter than it was', () => {
  const picture = raster<'crop'>(9, 9);
  for (let i = 0; i < 81; i += 1) picture.data.set([70, 70, 70, 255], i * CHANNELS);
  const at = (4 * 9 + 4) * CHANNELS;
  picture.data.set([140, 140, 140], at);
  const { data } = sharpener(picture, 1)(4);
  expect(data[at]).toBe(140);
  expect(Math.min(...data)).toBe(70);
});
