import { expect, test } from 'vitest';
import { type Raster, raster } from '../../src/core/raster';
import { grayFace, isGray } from '../../workers/restoration/gray';
import { fromTensor, toTensor } from '../../workers/restoration/square';
import { noise } from './noise';

const PLANE_PX = 512 * 512;

test('colours are coded in planes of −1..1, red first, and come back as they were', () => {
  const square = noise<'crop'>(512, 512, 7);
  const { data, dims } = toTensor(square);
  expect(dims).toEqual([1, 3, 512, 512]);
  const at = 300 * 512 + 41;
  for (const c of [0, 1, 2])
    expect(data[c * PLANE_PX + at]).toBeCloseTo(square.data[4 * at + c]! / 127.5 - 1, 6);
  const back = fromTensor({ data, dims });
  expect(back.data.every((byte, i) => byte === (i % 4 === 3 ? 255 : square.data[i]))).toBe(true);
});

test('what the network gives is clamped and rounded half to even', () => {
  const data = new Float32Array(3 * PLANE_PX);
  // −1.5 and 1.5 lie beyond; 0 is 127.5.
  data.set([-1.5, 1.5, 0, -1, 1, -0.5]);
  const { data: bytes } = fromTensor({ data, dims: [1, 3, 512, 512] });
  expect([0, 1, 2, 3, 4, 5].map((i) => bytes[4 * i])).toEqual([0, 255, 128, 0, 255, 64]);
});

test('another shape or size and values that are no numbers are refused', () => {
  const data = new Float32Array(3 * PLANE_PX);
  expect(() => toTensor(raster(512, 511))).toThrow(/512×511/);
  expect(() => fromTensor({ data, dims: [3, 512, 512] })).toThrow(/shape \[3, 512, 512\]/);
  data[PLANE_PX + 3] = Number.NaN;
  expect(() => fromTensor({ data, dims: [1, 3, 512, 512] })).toThrow(/not finite/);
});

test('a photo is gray where its channels move together, however far apart they are', () => {
  const toned = noise<'photo'>(61, 43, 3);
  toned.data.forEach((_, i) => {
    // Sepia: the channels differ by constants.
    if (i % 4 > 0) toned.data[i] = (toned.data[i - (i % 4)]! >> 1) + 20 * (i % 4);
    if (i % 4 === 3) toned.data[i - 3] = toned.data[i - 3]! >> 1;
  });
  expect(isGray(toned)).toBe(true);
  expect(isGray(noise<'photo'>(61, 43, 3))).toBe(false);
});

test('a gray face has the light and contrast of its crop, channel by channel', () => {
  const square = noise<'crop'>(512, 512, 11);
  // Half the contrast, so that nothing is cut off at black or white; another light in each channel.
  for (let i = 0; i < square.data.length; i += 1) square.data[i] = (square.data[i]! >> 2) + 60 + 25 * (i % 4);
  const face = grayFace(noise<'crop'>(512, 512, 13), square);
  for (const c of [0, 1, 2]) {
    const channel = ({ data }: Raster<'crop'>) => data.filter((_, i) => i % 4 === c);
    const [mine, wanted] = [momentsOf(channel(face)), momentsOf(channel(square))];
    // Fractions are cut off.
    expect(mine.mean + 0.5).toBeCloseTo(wanted.mean, 1);
    expect(mine.deviation).toBeCloseTo(wanted.deviation, 1);
  }
  expect(() => grayFace(raster(512, 511), square)).toThrow(/sizes differ/);
});

function momentsOf(values: ArrayLike<number>) {
  const all = Array.from(values);
  const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
  return { mean, deviation: Math.sqrt(all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / all.length) };
}
