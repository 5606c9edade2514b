/** A photo saved enlarged shows what lies over what as it does at its own size. */
import { expect, test } from 'vitest';
import { compose, rect, scaling, shift } from '../../src/core/geometry';
import { CHANNELS, plane, type Raster, raster } from '../../src/core/raster';
import { rasterAt } from '../../src/pixels/window';
import { enlargedPhoto } from '../../workers/photo/enlarged';
import { flatten, type Patch } from '../../workers/photo/patch';

type Colour = readonly [number, number, number];
const SKIN: Colour = [190, 150, 130];
const RESTORED: Colour = [210, 90, 70];
const BLUE: Colour = [20, 60, 220];
const GREEN: Colour = [30, 200, 40];

function filled<S extends 'photo' | 'crop'>(width: number, height: number, colour: Colour): Raster<S> {
  const picture = raster<S>(width, height);
  for (let i = 0; i < picture.data.length; i += CHANNELS) picture.data.set([...colour, 255], i);
  return picture;
}

/** A face of 80 px at (20, 10), with the same face as the restorer drew it. */
function restoredFace(): Patch {
  const alpha = plane<'0..1'>(80, 80);
  alpha.data.fill(1);
  const toSquare = compose(shift<'photo', 'photo'>(-20, -10), scaling<'photo', 'crop'>(6.4, 6.4));
  const fine = { toSquare, face: filled<'crop'>(512, 512, RESTORED), parsed: null };
  return { area: rect(20, 10, 80, 80), colours: filled(80, 80, RESTORED), alpha, fine };
}

/** A disc of 16 px with a soft edge of 8 px. */
function eyes(x: number, y: number, colour: Colour): Patch {
  const alpha = plane<'0..1'>(20, 20);
  alpha.data.forEach((_, i) => {
    const away = Math.hypot((i % 20) - 9.5, Math.floor(i / 20) - 9.5);
    alpha.data[i] = Math.min(1, Math.max(0, (9 - away) / 8));
  });
  return { area: rect(x, y, 20, 20), colours: filled(20, 20, colour), alpha };
}

const photo = filled<'photo'>(120, 100, SKIN);

/** By place in the photo, how far the mean of the enlarged pixels there is from the photo's own pixel. */
function differencesOf(patches: readonly Patch[], factor: number) {
  const shown = flatten(photo, patches, rect(0, 0, photo.width, photo.height));
  const enlarged = enlargedPhoto(photo, patches, factor);
  return (x: number, y: number): number => {
    const cell = rasterAt(enlarged, rect(x * factor, y * factor, factor, factor)).data;
    const own = (y * photo.width + x) * CHANNELS;
    const apart = [0, 1, 2].map((c) => {
      let sum = 0;
      for (let i = c; i < cell.length; i += CHANNELS) sum += cell[i]!;
      return Math.abs(sum / factor ** 2 - shown.data[own + c]!);
    });
    return Math.max(...apart);
  };
}

test.each([2, 3])('eyes placed over a restored face stay over it, enlarged by %i', (factor) => {
  const patches = [eyes(40, 60, GREEN), restoredFace(), eyes(50, 40, BLUE), eyes(60, 40, GREEN)];
  const colourAt = (x: number, y: number) => [
    ...flatten(photo, patches, rect(x, y, 1, 1)).data.subarray(0, 3),
  ];
  // The first eyes are covered; the blue ones lie over the face, their edge under the green ones.
  expect([colourAt(50, 70), colourAt(60, 50), colourAt(70, 50)]).toEqual([RESTORED, BLUE, GREEN]);
  // Soft edges are a little softer when they are interpolated: measured 4 codes.
  const difference = differencesOf(patches, factor);
  for (const y of [50, 70]) for (let x = 36; x < 84; x += 1) expect(difference(x, y)).toBeLessThan(6);
});

test('a restored face placed over eyes covers them, enlarged too', () => {
  const patches = [restoredFace(), eyes(50, 40, BLUE), restoredFace()];
  const difference = differencesOf(patches, 2);
  for (let x = 36; x < 84; x += 1) expect(difference(x, 50)).toBeLessThan(1);
});
