/** What of the network's strip becomes a candidate. */
import { expect, test } from 'vitest';
import { movedMask } from '../../src/core/crop';
import type { Candidate } from '../../src/core/generation';
import { compose, rect, scaling, shift } from '../../src/core/geometry';
import { STRIP } from '../../src/core/opening';
import { CHANNELS, raster } from '../../src/core/raster';
import { rasteriseMask } from '../../src/pixels/mask';
import { resizeArea } from '../../src/pixels/resizeArea';
import { candidateMaker } from '../../workers/opener/candidate';
import { eyeWish } from '../../workers/opener/wish';
import type { FloatTensor } from '../../workers/ort/tensor';
import { drawnRequest } from '../fakes/openRequest';

const { widthPx, heightPx } = STRIP;

/** A strip of one colour for each eye, 0..1. */
function stripOf(right: readonly number[], left: readonly number[]): FloatTensor {
  const data = new Float32Array(3 * widthPx * heightPx);
  for (let c = 0; c < 3; c += 1)
    for (let i = 0; i < widthPx * heightPx; i += 1) {
      const colour = i % widthPx < widthPx / 2 ? right : left;
      data[c * widthPx * heightPx + i] = colour[c]!;
    }
  return { data, dims: [1, 3, heightPx, widthPx] };
}

/** Colour and mask in the middle between the corners of an eye. */
function atEye({ area, pixels, mask, core }: Candidate, side: 'left' | 'right') {
  const { centre } = drawnRequest().masks[side];
  const i = (Math.floor(centre.y) - area.y) * area.width + Math.floor(centre.x) - area.x;
  const codes = [...pixels.data.subarray(i * CHANNELS, i * CHANNELS + CHANNELS)];
  return { codes, mask: mask.data[i], core: core!.data[i] };
}

const wish = eyeWish(drawnRequest(), 42);
const answer = stripOf([0.2, 0.4, 0.6], [0.31, 0.49, 0.71]);

test('each eye has its own colours, in its own place', () => {
  const candidate = candidateMaker(drawnRequest())(answer, wish, 42, 0);
  expect(atEye(candidate, 'right')).toEqual({ codes: [51, 102, 153, 255], mask: 1, core: 1 });
  expect(atEye(candidate, 'left')).toEqual({ codes: [79, 125, 181, 255], mask: 1, core: 1 });
});

test('the mask is that of the face square, and the core lies within it', () => {
  const request = drawnRequest();
  const { area, mask, core } = candidateMaker(request)(answer, wish, 42, 0);
  const toArea = shift<'crop', 'crop'>(-area.x, -area.y);
  const [right, left] = (['right', 'left'] as const).map((side) =>
    rasteriseMask(movedMask(request.masks[side], toArea), area.width, area.height),
  );
  expect(mask.data).toEqual(right!.data.map((value, i) => Math.max(value, left!.data[i]!)));
  const outside = core!.data.filter((inCore, i) => inCore > 0 && mask.data[i] !== 1);
  expect(outside).toHaveLength(0);
  const [core1, mask1] = [core!.data, mask.data].map((data) => data.reduce((sum, value) => sum + value, 0));
  expect(core1! / mask1!).toBeGreaterThan(0.4);
  expect(core1! / mask1!).toBeLessThan(0.9);
});

test('an eye that is not to be opened is not touched', () => {
  for (const [opened, other] of [
    ['right', 'left'],
    ['left', 'right'],
  ] as const) {
    const request = drawnRequest({ sides: [opened] });
    const candidate = candidateMaker(request)(answer, wish, 42, 0);
    expect(atEye(candidate, opened).mask).toBe(1);
    const { area } = candidate;
    const { centre } = request.masks[other];
    const isCovered = centre.x > area.x && centre.x < area.x + area.width;
    expect(isCovered).toBe(false);
  }
});

test('a black-and-white photo gets eyes without colour, of the same lightness', () => {
  const candidate = candidateMaker(drawnRequest({}, true))(answer, wish, 42, 0);
  // Rec. 601: 0.299 · 0.2 + 0.587 · 0.4 + 0.114 · 0.6 = 0.363.
  expect(atEye(candidate, 'right').codes).toEqual([93, 93, 93, 255]);
});

test('a sepia photo gets eyes in its own tone', () => {
  const grey = drawnRequest({}, true);
  const tinted = grey.person.pixels.data.map((code, i) => code + ([14, 0, -24, 0][i % CHANNELS] ?? 0));
  const { width, height } = grey.person.pixels;
  const person = { ...grey.person, pixels: raster<'view'>(width, height, tinted) };
  const [red, green, blue] = atEye(candidateMaker({ ...grey, person })(answer, wish, 42, 0), 'right').codes;
  expect(red! - green!).toBeCloseTo(14, -0.5);
  expect(blue! - green!).toBeCloseTo(-24, -0.5);
});

test('a face square smaller than the strip shows the mean of what it cannot hold', () => {
  const { toCrop, masks, square, ...rest } = drawnRequest();
  const smaller = scaling<'crop', 'crop'>(0.4, 0.4);
  const small = {
    ...rest,
    square: resizeArea<'crop', 'crop'>(square, 128, 128),
    area: rect<'crop'>(24, 44, 84, 28),
    masks: { right: movedMask(masks.right, smaller), left: movedMask(masks.left, smaller) },
    toCrop: compose(toCrop, smaller),
  };
  const size = widthPx * heightPx;
  const data = Float32Array.from({ length: 3 * size }, (_, i) => (i % 2 ? 0.8 : 0.2));
  const stripes = { data, dims: [1, 3, heightPx, widthPx] };
  const { pixels, mask } = candidateMaker(small)(stripes, wish, 42, 0);
  const reds = pixels.data.filter((_, i) => i % CHANNELS === 0 && mask.data[i / CHANNELS]! > 0);
  expect(Math.max(...reds)).toBeLessThan(127.5 + 15);
  expect(Math.min(...reds)).toBeGreaterThan(127.5 - 15);
});

test('it says what it was made of, and earlier seeds stand before later ones', () => {
  const iris = { red: 61, green: 87, blue: 52 };
  const request = drawnRequest({ iris, openness: 1.1 });
  const [first, second] = [42, 43].map((seed, place) => candidateMaker(request)(answer, wish, seed, place));
  expect(first!.origin).toEqual({
    kind: 'built-in',
    photoName: 'drawn.png',
    sourceId: 'seed 42',
    builtIn: { seed: 42, openness: 1.1, iris },
  });
  expect(first!.generator).toBe('built-in');
  expect(first!.rank).toBeGreaterThan(second!.rank);
  expect(first!.id).not.toBe(second!.id);
});
