import { expect, test } from 'vitest';
import { rect } from '../../src/core/geometry';
import { type Raster, raster } from '../../src/core/raster';
import { applyTone, toneOf } from '../../src/pixels/tone';

const SIDE = 40;
const all = rect<'crop'>(0, 0, SIDE, SIDE);

function picture(colour: (grey: number, i: number) => readonly [number, number, number]): Raster<'crop'> {
  const out = raster<'crop'>(SIDE, SIDE);
  for (let i = 0; i < SIDE * SIDE; i += 1) {
    out.data.set([...colour((i * 37) % 256, i), 255], i * 4);
  }
  return out;
}

const grey = picture((y) => [y, y, y]);
const sepia = picture((y) => [y * 0.93 + 16, y * 0.92 + 4, y * 0.86]);
const colours = picture((y, i) => (i % 3 ? [y, y * 0.7, y * 0.6] : [y * 0.5, y * 0.7, y]));

test('a photo in colour has no one tone', () => {
  expect(toneOf(colours)).toBeNull();
});

test('what is laid into a black-and-white photo becomes grey to the bit', () => {
  const laid = picture((y, i) => (i % 3 ? [y, y * 0.7, y * 0.6] : [y * 0.5, y * 0.7, y]));
  applyTone(laid, all, toneOf(grey)!);
  for (let i = 0; i < laid.data.length; i += 4) {
    expect(laid.data[i]).toBe(laid.data[i + 1]);
    expect(laid.data[i]).toBe(laid.data[i + 2]);
  }
});

test('sepia stays sepia, and blue eyes become sepia', () => {
  const tone = toneOf(sepia)!;
  const again = raster<'crop'>(SIDE, SIDE, sepia.data.slice());
  applyTone(again, all, tone);
  again.data.forEach((value, i) => {
    expect(Math.abs(value - sepia.data[i]!)).toBeLessThanOrEqual(4);
  });
  const blue = picture(() => [70, 110, 190]);
  applyTone(blue, all, tone);
  expect(blue.data[0]! - blue.data[2]!).toBeGreaterThan(15);
});

test('only the area changes', () => {
  const laid = raster<'crop'>(SIDE, SIDE, colours.data.slice());
  applyTone(laid, rect<'crop'>(3, 5, 7, 11), toneOf(grey)!);
  const changed = [...Array(SIDE * SIDE).keys()].filter((i) =>
    [0, 1, 2].some((c) => laid.data[i * 4 + c] !== colours.data[i * 4 + c]),
  );
  for (const i of changed) {
    expect(i % SIDE).toBeGreaterThanOrEqual(3);
    expect(i % SIDE).toBeLessThan(10);
    expect(Math.floor(i / SIDE)).toBeGreaterThanOrEqual(5);
    expect(Math.floor(i / SIDE)).toBeLessThan(16);
  }
});
