import { expect, test } from 'vitest';
import type { Rgb } from '../../src/core/colour';
import { SIDES } from '../../src/core/face';
import { CHANNELS } from '../../src/core/raster';
import { colourOfIris, type IrisName, irisName } from '../../src/pipeline/irisName';
import { irisColour, scleraColour } from '../../src/pixels/irisColour';
import { type Colour, DRAWN, drawFace, IRIS, SCLERA } from '../fakes/drawnFace';

function expectNear(found: Rgb | null, [red, green, blue]: Colour, within: number): void {
  expect(found).not.toBeNull();
  const off = [found!.red - red, found!.green - green, found!.blue - blue];
  expect(Math.max(...off.map(Math.abs))).toBeLessThan(within);
}

test('an iris has its own colour, whatever glints in it', () => {
  for (const glint of [DRAWN.glint, [0.3, 0.5], [-0.6, 0.1]] as const) {
    const { pixels, eyes } = drawFace<'crop'>({ ...DRAWN, glint });
    for (const side of SIDES) {
      expectNear(irisColour(pixels, eyes[side]), IRIS, 4);
      expectNear(scleraColour(pixels, eyes[side]), SCLERA, 4);
    }
  }
});

test('an iris of less than 5 px, one that no one saw and one behind lids have no colour', () => {
  const small = drawFace<'crop'>({ ...DRAWN, sidePx: 192 });
  expect(small.eyes.left.iris!.radiusPx).toBeLessThan(5);
  expect(irisColour(small.pixels, small.eyes.left)).toBeNull();
  expect(scleraColour(small.pixels, small.eyes.left)).toBeNull();
  const open = drawFace<'crop'>(DRAWN);
  expect(irisColour(open.pixels, { ...open.eyes.left, iris: null })).toBeNull();
  const shut = drawFace<'crop'>({ ...DRAWN, left: 'closed' });
  expect(irisColour(shut.pixels, shut.eyes.left)).toBeNull();
});

test('a black-and-white photo tells no colour, whatever its noise', () => {
  const { pixels, eyes } = drawFace<'crop'>(DRAWN);
  for (let k = 0; k < pixels.data.length; k += CHANNELS)
    for (let c = 2; c >= 0; c -= 1) pixels.data[k + c] = pixels.data[k]! + ((k / CHANNELS + c) % 3);
  expect(irisColour(pixels, eyes.left)).toBeNull();
});

test('an eye outside the picture has no colour', () => {
  const { pixels, eyes } = drawFace<'crop'>(DRAWN);
  const moved = (p: { x: number; y: number }) => ({ x: p.x - 290, y: p.y });
  const { contour, corners, iris, brow } = eyes.left;
  const away = {
    contour: contour.map(moved),
    corners: [moved(corners[0]), moved(corners[1])] as const,
    iris: { centre: moved(iris!.centre), radiusPx: iris!.radiusPx },
    brow,
  };
  expect(irisColour(pixels, away)).toBeNull();
});

const colour = (red: number, green: number, blue: number): Rgb => ({ red, green, blue });

/** Measured on photographs; the white beside each. */
const measured: readonly (readonly [IrisName, Rgb, Rgb])[] = [
  ['dark brown', colour(22, 13, 14), colour(160, 164, 165)],
  ['dark brown', colour(33, 31, 34), colour(152, 145, 148)],
  ['brown', colour(82, 53, 30), colour(218, 193, 182)],
  ['brown', colour(113, 62, 34), colour(232, 178, 139)],
  ['hazel', colour(97, 77, 51), colour(168, 134, 105)],
  ['green', colour(65, 78, 57), colour(157, 158, 156)],
  ['grey', colour(85, 83, 82), colour(191, 183, 178)],
  ['blue', colour(78, 81, 88), colour(176, 157, 158)],
  ['blue', colour(130, 135, 144), colour(216, 188, 179)],
];

test.each(measured)('%s: %o beside %o', (name, iris, sclera) => {
  expect(irisName(iris, sclera)).toBe(name);
});

test('a dark iris that mirrors the sky is not blue, with and without the white', () => {
  const mirror = colour(54, 49, 58);
  expect(irisName(mirror, colour(205, 215, 225))).toBe('dark brown');
  expect(irisName(mirror)).toBe('dark brown');
  expect(irisName(colour(9, 8, 7), colour(0, 0, 0))).toBe('dark brown');
  for (let blue = 0; blue <= 40; blue += 4) expect(irisName(colour(11, 13, blue))).toBe('dark brown');
});

test('the same iris in dim, warm light keeps its name when the white is known', () => {
  // Linear light × (0.5, 0.4, 0.3), in codes.
  expect(irisName(colour(78, 81, 88), colour(176, 157, 158))).toBe('blue');
  expect(irisName(colour(56, 52, 48), colour(129, 103, 90))).not.toMatch(/brown/);
  expect(irisName(colour(82, 53, 30), colour(218, 193, 182))).toBe('brown');
  expect(irisName(colour(59, 33, 15), colour(161, 128, 105))).toMatch(/brown/);
});

test.each(['dark brown', 'brown', 'hazel', 'green', 'grey', 'blue'] as const)(
  'what stands for %s is called so',
  (name) => expect(irisName(colourOfIris(name))).toBe(name),
);
