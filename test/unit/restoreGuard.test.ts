/** What the guard objects to, in numbers; its limits are held on real faces by test/conformance/restoreGuard.test.ts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lightsOf, oklabOf, type Rgb } from '../../src/core/colour';
import type { EyeState } from '../../src/core/face';
import { type Affine, apply, type Point, scaling } from '../../src/core/geometry';
import { type FaceLook, isRecoloured, objectionTo, shapeGap } from '../../src/pipeline/restoreGuard';
import { meshPoints } from '../fakes/faces';
import { rgbOfOklab } from '../fakes/oklab';

const open = { left: 'open', right: 'open' } as const;
const points = meshPoints<'photo'>(scaling(300, 300), open);
const meshOf = (all: readonly Point<'photo'>[], presence = 0.97): FaceLook['mesh'] => ({
  layout: 'mediapipe-478',
  points: all,
  presence,
});
const brown: Rgb = { red: 96, green: 64, blue: 44 };
const look: FaceLook = { mesh: meshOf(points), verdicts: open, irises: { left: brown, right: brown } };

test('nothing is said against a face that stayed what it was', () => {
  expect(objectionTo(look, look, 0)).toBeNull();
  expect(objectionTo(look, look, 9)).toBeNull();
});

test.each<[EyeState, EyeState, string | null]>([
  ['open', 'closed', 'eyes-closed'],
  ['unsure', 'closed', 'eyes-closed'],
  ['closed', 'closed', null],
  ['open', 'unsure', null],
  ['closed', 'open', null],
])('an eye that was %s and is %s: %s', (was, is, objection) => {
  for (const side of ['left', 'right'] as const) {
    const before = { ...look, verdicts: { ...open, [side]: was } };
    const after = { ...look, verdicts: { ...open, [side]: is } };
    expect(objectionTo(before, after, 0)).toBe(objection);
  }
});

test('another face: no face at all, a picture or a shape that moved too far; closed eyes are the worse news', () => {
  expect(objectionTo(look, { ...look, mesh: meshOf(points, 0.01) }, 0)).toBe('another-face');
  expect(objectionTo(look, look, 28)).toBe('another-face');
  const wide = { ...look, mesh: meshOf(points.map(({ x, y }) => ({ x: 1.2 * x, y }))) };
  expect(objectionTo(look, wide, 0)).toBe('another-face');
  const shut = { ...wide, verdicts: { left: 'closed', right: 'open' } as const };
  expect(objectionTo(look, shut, 28)).toBe('eyes-closed');
});

test('an iris of another colour, on either side; one that cannot be told is none', () => {
  const blue: Rgb = { red: 60, green: 90, blue: 140 };
  for (const side of ['left', 'right'] as const)
    expect(objectionTo(look, { ...look, irises: { ...look.irises, [side]: blue } }, 0)).toBe('iris-colour');
  const nobodyKnows = { ...look, irises: { left: null, right: null } };
  expect(objectionTo(look, nobodyKnows, 0)).toBeNull();
  expect(objectionTo(nobodyKnows, look, 0)).toBeNull();
});

test('a hue may turn by 8° and no further, whichever way', () => {
  const irises = fc.record({
    lightness: fc.double({ min: 0.35, max: 0.6, noNaN: true }),
    chroma: fc.double({ min: 0.035, max: 0.06, noNaN: true }),
    hueDeg: fc.double({ min: -180, max: 180, noNaN: true }),
    more: fc.double({ min: 0.9, max: 1.2, noNaN: true }),
    sign: fc.constantFrom(-1, 1),
  });
  fc.assert(
    fc.property(irises, ({ lightness, chroma, hueDeg, more, sign }) => {
      const turned = (deg: number) =>
        isRecoloured(
          colourAt(lightness, chroma, hueDeg),
          colourAt(lightness + 0.05, chroma * more, hueDeg + sign * deg),
        );
      expect([turned(0), turned(7.9), turned(8.1), turned(15), turned(180)]).toEqual([
        false,
        false,
        true,
        true,
        true,
      ]);
    }),
  );
});

test('in eyes that are nearly gray grain is no other colour, and blue is one', () => {
  const darkBrown: Rgb = { red: 52, green: 44, blue: 40 };
  const steel: Rgb = { red: 96, green: 98, blue: 101 };
  for (const iris of [darkBrown, steel]) {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 }),
        (by) => {
          const [red, green, blue] = by as [number, number, number];
          expect(
            isRecoloured(iris, { red: iris.red + red, green: iris.green + green, blue: iris.blue + blue }),
          ).toBe(false);
        },
      ),
    );
    // As the blue eyes of test/conformance/irisName.test.ts.
    expect(isRecoloured(iris, { red: 50, green: 68, blue: 92 })).toBe(true);
    expect(isRecoloured({ red: 50, green: 68, blue: 92 }, iris)).toBe(true);
  }
  // The light may change as it likes.
  expect(isRecoloured(darkBrown, { red: 98, green: 90, blue: 86 })).toBe(false);
  expect(isRecoloured({ red: 0, green: 0, blue: 0 }, { red: 0, green: 0, blue: 0 })).toBe(false);
});

test('the shape of a face is the same wherever, however large and however turned it is', () => {
  const maps = fc.record({
    scale: fc.double({ min: 0.5, max: 2, noNaN: true }),
    turnRad: fc.double({ min: -0.6, max: 0.6, noNaN: true }),
    tx: fc.double({ min: -300, max: 300, noNaN: true }),
  });
  fc.assert(
    fc.property(maps, ({ scale, turnRad, tx }) => {
      const [a, c] = [scale * Math.cos(turnRad), scale * Math.sin(turnRad)];
      const map: Affine<'photo', 'photo'> = { a, b: -c, c, d: a, tx, ty: 2 * tx - 11 };
      expect(shapeGap(meshOf(points), meshOf(points.map((p) => apply(map, p))))).toBeCloseTo(0, 9);
    }),
  );
});

test('the gap is measured in eye distances of the face before, whatever its size', () => {
  const away = (index: number, sidePx: number) => {
    const all = meshPoints<'photo'>(scaling(sidePx, sidePx), open);
    return shapeGap(
      meshOf(all),
      meshOf(all.map((p, i) => (i === index ? { ...p, y: p.y + 0.1 * sidePx } : p))),
    );
  };
  // One of 478 points moved by a tenth of the square; its eyes are 126 of 512 px apart. The fit takes a little of it.
  const alone = 0.1 / (125.9 / 512) / Math.sqrt(478);
  expect(away(4, 300)).toBeGreaterThan(0.98 * alone);
  expect(away(4, 300)).toBeLessThan(alone);
  expect(away(4, 60)).toBeCloseTo(away(4, 300), 9);
  // Every point 3 px to the one or the other side: nothing that a similarity could undo.
  const shaken = points.map((p, i) => ({ x: p.x + (i % 2 ? 3 : -3), y: p.y }));
  expect(shapeGap(meshOf(points), meshOf(shaken))).toBeCloseTo(3 / ((300 * 125.9) / 512), 2);
});

/** The colour of OKLab's polar coordinates; none is cut off at the borders of sRGB here. */
function colourAt(lightness: number, chroma: number, hueDeg: number): Rgb {
  const hueRad = (hueDeg * Math.PI) / 180;
  const [a, b] = [chroma * Math.cos(hueRad), chroma * Math.sin(hueRad)];
  const rgb = rgbOfOklab(lightness, a, b);
  expect(oklabOf(lightsOf(rgb))[1]).toBeCloseTo(a, 5);
  return rgb;
}
