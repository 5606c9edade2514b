import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EyeMaskShape } from '../../src/core/crop';
import { SIDES, type Side } from '../../src/core/face';
import { type Point, point } from '../../src/core/geometry';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import { irisColour, scleraColour } from '../../src/pixels/irisColour';
import { rasteriseMask } from '../../src/pixels/mask';
import { type EyeToPrefill, irisInLight, prefillEyes } from '../../src/pixels/prefillEye';
import { skinUnder } from '../../src/pixels/prefillSkin';
import { DRAWN, type DrawnFace, drawFace, drawnMasks } from '../fakes/drawnFace';

const CLOSED: DrawnFace = { ...DRAWN, left: 'closed', right: 'closed' };
const GREEN = { red: 61, green: 87, blue: 52 };

function eyesOf(face: DrawnFace): { readonly pixels: Raster<'crop'>; readonly eyes: EyeToPrefill<'crop'>[] } {
  const square = drawFace<'crop'>(face);
  const masks = drawnMasks(square);
  const eyes = SIDES.map((side) => ({ side, mask: masks[side], eye: square.eyes[side] }));
  return { pixels: square.pixels, eyes };
}

/** The shapes that the same face has with its eyes open. */
const openShapes = drawFace<'crop'>(DRAWN).eyes;

function codesAt(picture: Raster<'crop'>, { x, y }: { x: number; y: number }): number[] {
  const k = (Math.floor(y) * picture.width + Math.floor(x)) * CHANNELS;
  return [...picture.data.subarray(k, k + 3)];
}

test('the prefilled eye has the given iris between whites that are lighter, not white', () => {
  const { pixels, eyes } = eyesOf(CLOSED);
  const filled = prefillEyes(pixels, eyes, GREEN);
  for (const side of SIDES) {
    const iris = irisColour(filled, openShapes[side])!;
    const white = scleraColour(filled, openShapes[side])!;
    expect(Math.abs(iris.red - GREEN.red)).toBeLessThan(16);
    expect(iris.green).toBeGreaterThan(1.2 * iris.red);
    expect(white.green).toBeGreaterThan(1.4 * iris.green);
    expect(Math.max(white.red, white.green, white.blue)).toBeLessThan(235);
    expect(white.red).toBeGreaterThan(white.blue);
  }
});

test('without a known iris it is a dark, brownish one', () => {
  const { pixels, eyes } = eyesOf(CLOSED);
  const iris = irisColour(prefillEyes(pixels, eyes, null), openShapes.left)!;
  expect(iris.red).toBeLessThan(90);
  expect(iris.red).toBeGreaterThan(iris.blue);
});

test('the white follows the light of the face and never outshines it', () => {
  const whites = [
    [27, 19, 15],
    [92, 61, 47],
    [213, 172, 149],
  ].map((skin) => {
    const { pixels, eyes } = eyesOf({ ...CLOSED, skin: skin as unknown as DrawnFace['skin'] });
    return scleraColour(prefillEyes(pixels, eyes, GREEN), openShapes.right)!.green;
  });
  expect(whites[0]).toBeGreaterThan(19);
  expect(whites[0]).toBeLessThan(70);
  expect(whites[1]).toBeGreaterThan(whites[0]! + 30);
  expect(whites[2]).toBeGreaterThan(whites[1]! + 20);
});

test('a black-and-white photo stays black and white', () => {
  const { pixels, eyes } = eyesOf({ ...CLOSED, skin: [140, 140, 140] });
  for (let k = 0; k < pixels.data.length; k += CHANNELS) pixels.data.fill(pixels.data[k]!, k, k + 3);
  const { data } = prefillEyes(pixels, eyes, GREEN);
  expect(isSame(data, pixels.data)).toBe(false);
  expect(data.findIndex((code, i) => i % CHANNELS !== 3 && code !== data[i - (i % CHANNELS)])).toBe(-1);
});

test('skin under a mask is the skin round it: no lash is left', () => {
  const { pixels, eyes } = eyesOf({ ...CLOSED, sideLight: 1.25 });
  for (const { mask } of eyes) {
    const under = skinUnder(pixels, mask)!;
    const [lid, across] = [mask.contour[4]!, mask.contour[12]!];
    const lash = { x: lid.x, y: (lid.y + across.y) / 2 - 1 };
    expect(codesAt(pixels, lash)[0]).toBeLessThan(60);
    const light = 1 + 0.25 * (lash.x / CLOSED.sidePx);
    const wanted = CLOSED.skin[0] * light * (1 - 0.25 * (lash.y / CLOSED.sidePx - 0.5));
    expect(Math.abs(codesAt(under.pixels, lash)[0]! - wanted)).toBeLessThan(4);
  }
});

test('outside the masks every byte stays, whatever the tilt; the input is left alone', () => {
  const { pixels, eyes } = eyesOf({ ...CLOSED, sidePx: 160 });
  pixels.data.forEach((code, i) => {
    pixels.data[i] = i % CHANNELS === 3 ? 255 - (i % 7) : code ^ (i % 5);
  });
  const before = pixels.data.slice();
  fc.assert(
    fc.property(
      fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
      fc.double({ min: -60, max: 200, noNaN: true }),
      fc.double({ min: 0.3, max: 2.5, noNaN: true }),
      (angleRad, x, scale) => {
        const moved = eyes.map((eye) => turned(eye, angleRad, point<'crop'>(x, 71), scale));
        const filled = prefillEyes(pixels, moved, GREEN, 0.3);
        const masks = moved.map(({ mask }) => rasteriseMask(mask, 160, 160));
        const stray = filled.data.findIndex((code, i) => {
          const isFree = masks.every((mask) => mask.data[Math.floor(i / CHANNELS)] === 0);
          return code !== before[i] && (isFree || i % CHANNELS === 3);
        });
        expect(stray).toBe(-1);
        expect(isSame(pixels.data, before)).toBe(true);
        expect(isSame(prefillEyes(pixels, moved, GREEN, 0.3).data, filled.data)).toBe(true);
      },
    ),
    { numRuns: 30 },
  );
});

test('a tilted eye is the upright one, tilted', () => {
  const side = 240;
  const skin = raster<'crop'>(side, side, new Uint8ClampedArray(side * side * CHANNELS).fill(190));
  const level = lone(point(120, 120), 0);
  const tilted = lone(point(120, 120), 0.7);
  const upright = prefillEyes(skin, [level], null);
  const oblique = prefillEyes(skin, [tilted], null);
  let sum = 0;
  let count = 0;
  for (let dy = -28.5; dy < 20; dy += 2)
    for (let dx = -46.5; dx < 47; dx += 2) {
      const x = 120 + dx * Math.cos(0.7) - dy * Math.sin(0.7);
      const y = 120 + dx * Math.sin(0.7) + dy * Math.cos(0.7);
      sum += Math.abs(codesAt(upright, { x: 120 + dx, y: 120 + dy })[0]! - codesAt(oblique, { x, y })[0]!);
      count += 1;
    }
  expect(sum / count).toBeLessThan(6);
});

test('the iris of a turned head moves back to the camera, and lies to the temple of an eye that looks ahead', () => {
  const side = 240;
  const skin = raster<'crop'>(side, side, new Uint8ClampedArray(side * side * CHANNELS).fill(190));
  const darkest = (which: Side, yawRad: number) => {
    const eye = lone(point(120, 120), 0);
    const { data } = prefillEyes(skin, [{ ...eye, side: which }], null, yawRad);
    let sum = 0;
    let weight = 0;
    for (let x = 75; x < 165; x++) {
      const dark = Math.max(0, 90 - data[(114 * side + x) * CHANNELS]!);
      sum += dark * (x + 0.5);
      weight += dark;
    }
    return sum / weight;
  };
  expect(darkest('left', 0)).toBeGreaterThan(123);
  expect(darkest('right', 0)).toBeLessThan(117);
  expect(darkest('left', 0.4)).toBeLessThan(darkest('left', 0) - 5);
  expect(darkest('left', -0.4)).toBeGreaterThan(darkest('left', 0) + 5);
});

test('corners that coincide are refused; a mask outside the picture changes nothing', () => {
  const { pixels, eyes } = eyesOf(CLOSED);
  const [left, right] = eyes;
  const flat = { ...left!, eye: { corners: [point<'crop'>(9, 9), point<'crop'>(9, 9)] as const } };
  expect(() => prefillEyes(pixels, [flat], null)).toThrow('coincide');
  const away = turned(right!, 0, point<'crop'>(-900, 40), 1);
  expect(isSame(prefillEyes(pixels, [away], null).data, pixels.data)).toBe(true);
});

/** Much faster than a comparison that could show the difference. */
function isSame(a: Uint8ClampedArray, b: Uint8ClampedArray): boolean {
  return a.length === b.length && a.every((code, i) => code === b[i]);
}

/** The eye turned about its mask's centre, scaled, and moved there. */
function turned(
  { side, mask, eye }: EyeToPrefill<'crop'>,
  angleRad: number,
  to: Point<'crop'>,
  scale: number,
): EyeToPrefill<'crop'> {
  const move = (p: Point<'crop'>) => {
    const dx = scale * (p.x - mask.centre.x);
    const dy = scale * (p.y - mask.centre.y);
    return point<'crop'>(
      to.x + dx * Math.cos(angleRad) - dy * Math.sin(angleRad),
      to.y + dx * Math.sin(angleRad) + dy * Math.cos(angleRad),
    );
  };
  return {
    side,
    mask: {
      centre: to,
      halfWidthPx: scale * mask.halfWidthPx,
      halfHeightPx: scale * mask.halfHeightPx,
      angleRad: mask.angleRad + angleRad,
      contour: mask.contour.map(move),
      dilatePx: scale * mask.dilatePx,
      brow: [],
    },
    eye: { corners: [move(eye.corners[0]), move(eye.corners[1])] },
  };
}

/** A left eye of 90 px between the corners. */
function lone(middle: Point<'crop'>, angleRad: number): EyeToPrefill<'crop'> {
  const half = { x: 45 * Math.cos(angleRad), y: 45 * Math.sin(angleRad) };
  const corners = [
    point<'crop'>(middle.x - half.x, middle.y - half.y),
    point<'crop'>(middle.x + half.x, middle.y + half.y),
  ] as const;
  const mask: EyeMaskShape<'crop'> = {
    centre: middle,
    halfWidthPx: 61,
    halfHeightPx: 33,
    angleRad,
    contour: [],
    dilatePx: 0,
    brow: [],
  };
  return { side: 'left', mask, eye: { corners } };
}

test('a colour that was named is as dark as the light on the skin', () => {
  const blue = { red: 88, green: 112, blue: 135 };
  const light = irisInLight(blue, { red: 205, green: 164, blue: 142 });
  for (const channel of ['red', 'green', 'blue'] as const)
    expect(light[channel]).toBeCloseTo(blue[channel], 3);
  const dark = irisInLight(blue, { red: 41, green: 31, blue: 27 });
  expect(dark.blue).toBeLessThan(100);
  expect(dark.blue).toBeGreaterThan(dark.red);
  const { red, green, blue: same } = irisInLight(blue, { red: 120, green: 120, blue: 120 });
  expect([green, same]).toEqual([red, red]);
});
