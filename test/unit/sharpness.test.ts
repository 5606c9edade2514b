import { expect, test } from 'vitest';
import { scaling } from '../../src/core/geometry';
import { type Raster, raster } from '../../src/core/raster';
import { gaussian } from '../../src/pixels/random';
import { blurArea, matchSharpness } from '../../src/pixels/sharpness';

const N = 120;
const area = { x: 0, y: 0, width: N, height: N };
const same = scaling<'crop', 'source'>(1, 1);

/** Dark bars and squares on skin: edges like brows and lashes. */
function edges<S extends 'crop' | 'source'>(noise: number): Raster<S> {
  const picture = raster<S>(N, N);
  const grain = gaussian(N * N, 3);
  for (let i = 0; i < N * N; i++) {
    const dark = (i % N) % 40 < 7 && Math.floor(i / N) % 50 < 19;
    for (let c = 0; c < 3; c++) picture.data[i * 4 + c] = (dark ? 60 : 180) + noise * grain[i]!;
    picture.data[i * 4 + 3] = 255;
  }
  return picture;
}

test.each([0.8, 1.3, 2.2])(
  'a donor sharper than the photo is blurred as much as the photo is (%s px)',
  (sigma) => {
    const target = blurArea(edges<'crop'>(0), area, Math.hypot(sigma, 0.6));
    const source = blurArea(edges<'source'>(0), area, 0.6);
    const { blurPx, softer } = matchSharpness(target, source, same, area);
    expect(Math.abs(blurPx - sigma)).toBeLessThanOrEqual(0.45);
    expect(softer).toBe(false);
  },
);

test('equal sharpness is left alone, noise or not', () => {
  const source = blurArea(edges<'source'>(0), area, 0.9);
  const target = blurArea(edges<'crop'>(0), area, 0.9);
  expect(matchSharpness(target, source, same, area).blurPx).toBe(0);
  const noisy = raster<'crop'>(N, N, new Uint8ClampedArray(target.data));
  gaussian(N * N, 5).forEach((value, i) => {
    for (let c = 0; c < 3; c++) noisy.data[i * 4 + c] = noisy.data[i * 4 + c]! + 3 * value;
  });
  expect(matchSharpness(noisy, source, same, area).blurPx).toBeLessThanOrEqual(0.45);
});

test('a donor softer than the photo is said to be so', () => {
  const target = blurArea(edges<'crop'>(0), area, 0.6);
  const source = blurArea(edges<'source'>(0), area, 2);
  expect(matchSharpness(target, source, same, area)).toEqual({ blurPx: 0, softer: true });
});
