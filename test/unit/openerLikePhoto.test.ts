/** The network's eyes get the sharpness of the photo they come into. */
import { expect, test } from 'vitest';
import { rect } from '../../src/core/geometry';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import { gaussian } from '../../src/pixels/random';
import { blurArea, lumaOf, sharpnessOf } from '../../src/pixels/sharpness';
import { asSharpAs } from '../../workers/opener/likePhoto';

const WIDTH = 130;
const HEIGHT = 90;

/** Dark bars on skin, like brows and lashes. @param blurPx deviation of their edges @param grain of noise over it, codes */
function bars(blurPx: number, grain = 0): Raster<'crop'> {
  const hard = raster<'crop'>(WIDTH, HEIGHT);
  for (let i = 0; i < WIDTH * HEIGHT; i += 1) {
    const dark = (i % WIDTH) % 41 < 8 && Math.floor(i / WIDTH) % 37 < 17;
    hard.data.set(dark ? [67, 52, 47, 255] : [187, 151, 133, 255], i * CHANNELS);
  }
  const soft = blurArea(hard, rect<'crop'>(0, 0, WIDTH, HEIGHT), blurPx);
  gaussian(WIDTH * HEIGHT, 3).forEach((value, i) => {
    for (let c = 0; c < 3; c += 1) soft.data[i * CHANNELS + c] = soft.data[i * CHANNELS + c]! + grain * value;
  });
  return soft;
}

const sharpness = (picture: Raster<'crop'>) => sharpnessOf(lumaOf(picture), picture)!;
/** How far a picture is from another's sharpness: 0 is alike. */
const off = (picture: Raster<'crop'>, photo: Raster<'crop'>) =>
  Math.abs(Math.log(sharpness(picture) / sharpness(photo)));

test.each([1.1, 1.6, 2.4])(
  'eyes that are too sharp are blurred as much as the photo is (%s px)',
  (blurPx) => {
    const [made, photo] = [bars(0.6), bars(blurPx)];
    const found = asSharpAs(photo, 1)(made);
    expect(sharpness(found)).toBeLessThan(sharpness(made));
    expect(off(found, photo)).toBeLessThan(0.4 * off(made, photo));
  },
);

test.each([2, 3])('eyes that were enlarged %s times are sharpened towards a sharp photo', (enlarged) => {
  const [made, photo] = [bars(0.7 * enlarged), bars(0.6)];
  const found = asSharpAs(photo, enlarged)(made);
  expect(sharpness(found)).toBeGreaterThan(sharpness(made));
  expect(off(found, photo)).toBeLessThan(0.7 * off(made, photo));
  const [before, after] = [made, found].map(({ data }) => Math.min(...data));
  // Codes are whole.
  expect(after).toBeGreaterThanOrEqual(before! - 1);
});

test('eyes that are as sharp are left alone, and so are all where noise hides how sharp the photo is', () => {
  const made = bars(0.9);
  expect(asSharpAs(bars(0.92), 1)(made)).toBe(made);
  const drowned = bars(2.4, 60);
  expect(sharpnessOf(lumaOf(drowned), drowned)).toBeNull();
  expect(asSharpAs(drowned, 1)(made)).toBe(made);
});
