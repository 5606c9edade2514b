/** Fibres in the irises of large faces: where they are drawn, how strong, and that a seed has its own. */
import { expect, test } from 'vitest';
import { distance, point } from '../../src/core/geometry';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import { withFibres } from '../../workers/opener/irisTexture';
import { usualWish } from '../../workers/opener/wish';
import { wishedEye } from '../../workers/opener/wishedEye';

const WIDTH = 620;
const HEIGHT = 190;
const IRIS = [121, 93, 74, 255] as const;
const eyes = {
  right: { corners: [point<'crop'>(41, 97), point<'crop'>(252, 104)] as const },
  left: { corners: [point<'crop'>(361, 103), point<'crop'>(571, 98)] as const },
};
/** As large as an eye of the strip: 42 px. */
const PX_PER_STRIP_PX = 5;
const wish = usualWish(1, 0.1, 'hidden');

function flat(): Raster<'crop'> {
  const picture = raster<'crop'>(WIDTH, HEIGHT);
  for (let i = 0; i < WIDTH * HEIGHT; i += 1) picture.data.set(IRIS, i * CHANNELS);
  return picture;
}

const drawn = (sides: readonly ('left' | 'right')[], seed = 42, pxPerStripPx = PX_PER_STRIP_PX) =>
  withFibres(flat(), eyes, sides, wish, pxPerStripPx, seed);

/** Places of the pixels that are not as they were. */
function changed({ data }: Raster<'crop'>) {
  const places = [];
  for (let i = 0; i < WIDTH * HEIGHT; i += 1)
    if (data[i * CHANNELS] !== IRIS[0])
      places.push(point<'crop'>((i % WIDTH) + 0.5, Math.floor(i / WIDTH) + 0.5));
  return places;
}

test.each(['right', 'left'] as const)(
  'the %s iris gets them, from its pupil to its rim and not under a lid',
  (side) => {
    const { irisCentre, irisRadiusPx, at } = wishedEye(eyes[side], side, wish);
    const places = changed(drawn([side]));
    const iris = Math.PI * irisRadiusPx ** 2;
    expect(places.length).toBeGreaterThan(0.35 * iris);
    for (const place of places) {
      const radius = distance(place, irisCentre) / irisRadiusPx;
      expect(radius).toBeGreaterThan(0.33);
      expect(radius).toBeLessThan(0.98);
      expect(at(place.x, place.y).open).toBeGreaterThan(0);
    }
  },
);

test('light and colour stay on the mean; the change is a few per cent', () => {
  const { data } = drawn(['right']);
  const places = changed(drawn(['right']));
  const gains = places.map(({ x, y }) => data[(Math.floor(y) * WIDTH + Math.floor(x)) * CHANNELS]! / IRIS[0]);
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const deviation = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / gains.length);
  expect(Math.abs(mean - 1)).toBeLessThan(0.02);
  expect(deviation).toBeGreaterThan(0.03);
  expect(deviation).toBeLessThan(0.12);
  for (const { x, y } of places) {
    const at = (Math.floor(y) * WIDTH + Math.floor(x)) * CHANNELS;
    expect(Math.abs(data[at + 2]! - (data[at]! * IRIS[2]) / IRIS[0])).toBeLessThan(1);
    expect(data[at + 3]).toBe(255);
  }
});

test('a seed has its own, and each eye of a pair', () => {
  expect(drawn(['left', 'right'])).toEqual(drawn(['right', 'left']));
  expect(drawn(['right'], 4_294_967_295)).not.toEqual(drawn(['right']));
  const around = (side: 'left' | 'right') => {
    const { irisCentre, irisRadiusPx } = wishedEye(eyes[side], side, wish);
    const { data } = drawn([side]);
    return Array.from({ length: 90 }, (_, i) => {
      const [x, y] = [Math.cos(i / 14.3), Math.sin(i / 14.3)].map((part) => 0.65 * irisRadiusPx * part);
      return data[(Math.floor(irisCentre.y + y!) * WIDTH + Math.floor(irisCentre.x + x!)) * CHANNELS];
    });
  };
  expect(around('left')).not.toEqual(around('right'));
});

test('a picture as small as the strip, whose fibres nobody could see, stays as it is', () => {
  const corners = (x: number) => ({ corners: [point<'crop'>(x, 44), point<'crop'>(x + 42, 44)] as const });
  const small = withFibres(
    flat(),
    { right: corners(27), left: corners(123) },
    ['left', 'right'],
    wish,
    1,
    42,
  );
  expect(small).toEqual(flat());
});
