import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import type { Candidate } from '../../src/core/generation';
import { CHANNELS, type Plane, plane, type Raster, raster } from '../../src/core/raster';
import { composite } from '../../src/pixels/composite';
import { measureGrain } from '../../src/pixels/grain';
import { joinAtRim } from '../../src/pixels/membrane';
import { gaussian } from '../../src/pixels/random';
import { blendSquare } from '../../workers/photo/blend';
import { wholeArea } from '../fakes/squares';

const N = 96;
const settings = DEFAULT_CONFIG.blend;

function skin(
  gain: readonly [number, number, number],
  slope: number,
  grain: number,
  seed: number,
): Raster<'crop'> {
  const picture = raster<'crop'>(N, N);
  const noise = gaussian(N * N, seed);
  for (let i = 0; i < N * N; i++) {
    const light = 1 + slope * ((i % N) / N - 0.5);
    [186, 139, 117].forEach((v, c) => {
      picture.data[i * CHANNELS + c] = v * gain[c]! * light + grain * noise[i]!;
    });
    picture.data[i * CHANNELS + 3] = 255;
  }
  return picture;
}

function disc(cx: number, cy: number, rx: number, ry: number): Plane<'0..1'> {
  const mask = plane<'0..1'>(N, N);
  for (let i = 0; i < N * N; i++)
    mask.data[i] =
      ((i % N) + 0.5 - cx) ** 2 / rx ** 2 + (Math.floor(i / N) + 0.5 - cy) ** 2 / ry ** 2 < 1 ? 1 : 0;
  return mask;
}

function candidate(pixels: Raster<'crop'>, mask: Plane<'0..1'>, core?: Plane<'0..1'>): Candidate {
  return {
    id: 'c',
    generator: 'donor',
    area: wholeArea(pixels),
    pixels,
    mask,
    ...(core ? { core } : {}),
    rank: 1,
    origin: { kind: 'painted', photoName: 'p.jpg', sourceId: 's' },
    notes: [],
  };
}

const whole = { ...settings, feather: 60 };
const meanOf = (picture: Raster<'crop'>, mask: Plane<'0..1'>, c: number) => {
  let sum = 0;
  let count = 0;
  mask.data.forEach((m, i) => {
    if (m === 0) return;
    sum += picture.data[i * CHANNELS + c]!;
    count++;
  });
  return sum / count;
};

test('a tint and a slope of light are found on the soft edge and taken out of the middle too', () => {
  const original = skin([1, 1, 1], 0.3, 0, 1);
  const mask = disc(48, 47, 34, 26);
  const core = disc(48, 47, 12, 8);
  const { pixels } = blendSquare(
    original,
    candidate(skin([0.78, 0.9, 1.13], -0.1, 0, 2), mask, core),
    N,
    whole,
  );
  for (let c = 0; c < 3; c++) {
    expect(Math.abs(meanOf(pixels, core, c) - meanOf(original, core, c))).toBeLessThan(4);
    expect(Math.abs(meanOf(pixels, mask, c) - meanOf(original, mask, c))).toBeLessThan(2);
  }
});

test('a white in the core does not become skin', () => {
  const original = skin([1, 1, 1], 0, 0, 1);
  const core = disc(48, 47, 12, 8);
  const eye = skin([1, 1, 1], 0, 0, 1);
  core.data.forEach((m, i) => {
    if (m > 0) eye.data.set([228, 224, 221], i * CHANNELS);
  });
  const { pixels } = blendSquare(original, candidate(eye, disc(48, 47, 34, 26), core), N, whole);
  expect(Math.abs(meanOf(pixels, core, 0) - 228)).toBeLessThan(4);
  expect(Math.abs(meanOf(pixels, core, 2) - 221)).toBeLessThan(4);
});

test.each([2.5, 5, 8])('grain of deviation %s is measured and matched', (deviation) => {
  const original = skin([1, 1, 1], 0, deviation, 3);
  const mask = disc(48, 47, 40, 38);
  const area = { x: 8, y: 8, width: 80, height: 80 };
  const before = measureGrain(original, mask, area)!;
  // Luma of grey noise has the noise's own deviation.
  expect(before.fine / deviation).toBeGreaterThan(0.85);
  expect(before.fine / deviation).toBeLessThan(1.15);
  const { pixels, alpha } = blendSquare(original, candidate(skin([1, 1, 1], 0, 0.4, 4), mask), N, settings);
  const after = measureGrain(composite(original, pixels, alpha), mask, area)!;
  expect(after.fine / before.fine).toBeGreaterThan(0.8);
  expect(after.fine / before.fine).toBeLessThan(1.2);
});

test('soft grain is matched as soft grain', () => {
  const original = skin([1, 1, 1], 0, 0, 3);
  const blotches = gaussian(N * N, 9);
  for (let i = 0; i < N * N; i++) {
    const x = (i % N) >> 1;
    const y = Math.floor(i / N) >> 1;
    for (let c = 0; c < 3; c++)
      original.data[i * CHANNELS + c] = original.data[i * CHANNELS + c]! + 6 * blotches[y * N + x]!;
  }
  const mask = disc(48, 47, 40, 38);
  const area = { x: 8, y: 8, width: 80, height: 80 };
  const { pixels, alpha } = blendSquare(original, candidate(skin([1, 1, 1], 0, 0.4, 4), mask), N, settings);
  const before = measureGrain(original, mask, area)!;
  const after = measureGrain(composite(original, pixels, alpha), mask, area)!;
  expect(after.coarse / before.coarse).toBeGreaterThan(0.3);
  expect(after.coarse / before.coarse).toBeLessThan(1.3);
});

test('outside the mask every byte of the square stays, inside the core alpha is 1', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -10, max: 105 }),
      fc.integer({ min: -10, max: 105 }),
      fc.integer({ min: 3, max: 50 }),
      fc.integer({ min: 3, max: 40 }),
      fc.integer({ min: 0, max: 100 }),
      fc.boolean(),
      (cx, cy, rx, ry, feather, gradientDomain) => {
        const original = skin([1, 1, 1], 0.2, 3, 5);
        const mask = disc(cx, cy, rx, ry);
        const core = disc(cx, cy, rx / 3, ry / 3);
        const blended = blendSquare(original, candidate(skin([0.6, 0.8, 1.2], 0, 1, 6), mask, core), N, {
          ...settings,
          feather,
          gradientDomain,
        });
        const placed = composite(original, blended.pixels, blended.alpha);
        const wrong = mask.data.findIndex((m, i) => {
          const same = [0, 1, 2, 3].every((c) => placed.data[i * 4 + c] === original.data[i * 4 + c]);
          const alpha = blended.alpha.data[i]!;
          return m === 0 ? alpha !== 0 || !same : alpha < 0 || alpha > 1;
        });
        expect(wrong).toBe(-1);
      },
    ),
    { numRuns: 25 },
  );
});

test('the core is whole wherever it keeps clear of the rim', () => {
  const mask = disc(48, 47, 34, 26);
  const core = disc(48, 47, 20, 12);
  const { alpha } = blendSquare(
    skin([1, 1, 1], 0, 0, 1),
    candidate(skin([1, 1, 1], 0, 0, 2), mask, core),
    N,
    settings,
  );
  expect(core.data.every((m, i) => m === 0 || alpha.data[i] === 1)).toBe(true);
});

test('the gradient-domain blend meets the original at the rim', () => {
  const original = skin([1, 1, 1], 0.5, 0, 1);
  const mask = disc(48, 47, 30, 24);
  const only = { ...settings, colourMatch: false, grainMatch: false, feather: 40, gradientDomain: true };
  const { pixels } = blendSquare(original, candidate(skin([0.7, 0.8, 0.9], 0.5, 0, 2), mask), N, only);
  for (let c = 0; c < 3; c++)
    expect(Math.abs(meanOf(pixels, mask, c) - meanOf(original, mask, c))).toBeLessThan(4);
});

test.each([
  [1, 20],
  [20, 1],
  [1, 1],
])('a part of %i × %i px meets the original too', (width, height) => {
  const original = skin([1, 1, 1], 0.5, 0, 1);
  const area = { x: 30, y: 40, width, height };
  const mask = plane<'0..1'>(N, N);
  const alpha = plane<'0..1'>(N, N);
  for (let y = area.y; y < area.y + height; y++)
    for (let x = area.x; x < area.x + width; x++) {
      mask.data[y * N + x] = 1;
      // So thin a part is all rim.
      alpha.data[y * N + x] = 0.1;
    }
  const joined = joinAtRim(original, skin([0.7, 0.8, 0.9], 0.5, 0, 2), mask, alpha, area);
  for (let c = 0; c < 3; c++) expect(meanOf(joined, mask, c)).toBeCloseTo(meanOf(original, mask, c), 5);
});

test('an empty mask changes nothing', () => {
  const original = skin([1, 1, 1], 0.5, 2, 1);
  const { pixels, alpha } = blendSquare(
    original,
    candidate(skin([0.5, 1, 1], 0, 0, 2), plane(N, N)),
    N,
    settings,
  );
  expect(pixels.data).toEqual(original.data);
  expect(alpha.data.every((a) => a === 0)).toBe(true);
});

test('sizes that differ are refused', () => {
  const original = raster<'crop'>(40, 40);
  const other = candidate(skin([1, 1, 1], 0, 0, 2), disc(48, 47, 30, 24));
  expect(() => blendSquare(original, other, N, settings)).toThrow(
    expect.objectContaining({ code: 'BLEND_001' }),
  );
});
