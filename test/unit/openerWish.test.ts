import { expect, test } from 'vitest';
import { lidsAt, USUAL_FORM } from '../../src/pixels/eyeForm';
import { eyeWish } from '../../workers/opener/wish';
import { drawnRequest } from '../fakes/openRequest';

const wishOf = (seed: number, openness = 1, yawRad = 0) =>
  eyeWish(drawnRequest({ openness, pose: { yawRad, pitchRad: 0 } }), seed);

test('every seed is other eyes, near the usual ones', () => {
  const wishes = Array.from({ length: 24 }, (_, i) => 42 + i).map((seed) => wishOf(seed));
  for (const value of [
    (i: number) => wishes[i]!.form.upper,
    (i: number) => wishes[i]!.form.lower,
    (i: number) => wishes[i]!.form.irisRadius,
    (i: number) => wishes[i]!.turn,
  ]) {
    expect(new Set(wishes.map((_, i) => value(i))).size).toBe(wishes.length);
  }
  for (const { form } of wishes) {
    expect(Math.abs(form.upper / USUAL_FORM.upper - 1)).toBeLessThan(0.071);
    expect(Math.abs(form.irisRadius / USUAL_FORM.irisRadius - 1)).toBeLessThan(0.041);
  }
  expect(new Set(wishes.map(({ glint }) => glint.right)).size).toBe(3);
});

test('of several eyes some are made with the lid in sight and some without', () => {
  const seeds = [42, 43, 44, 4_294_967_295, 0];
  expect(seeds.map((seed) => wishOf(seed).lid)).toEqual(['hidden', 'shown', 'hidden', 'shown', 'hidden']);
});

test('a seed is always the same pair of eyes, whichever were asked for with it', () => {
  expect(wishOf(4_294_967_295, 1.1, 0.2)).toEqual(wishOf(4_294_967_295, 1.1, 0.2));
});

test('openness moves the upper lid alone, and a turned head turns the eyes back', () => {
  const wide = wishOf(42, 1.3);
  const usual = wishOf(42);
  expect(wide.form).toEqual({ ...usual.form, upper: expect.closeTo(1.3 * usual.form.upper, 12) });
  expect(wishOf(42, 1, 0.3).turn).toBeLessThan(-0.03);
  expect(wishOf(42, 1, -0.3).turn).toBeGreaterThan(0.03);
});

test.each(['left', 'right'] as const)('the open %s eye of the person is matched, by every seed', (side) => {
  const request = drawnRequest();
  const [start, end] = request.strip.eyes[side].corners;
  const widthPx = Math.hypot(end.x - start.x, end.y - start.y);
  const toTemple = side === 'left' ? 1 : -1;
  const wide = { ...USUAL_FORM, upper: 1.2 * USUAL_FORM.upper, lower: 0.8 * USUAL_FORM.lower };
  const places = Array.from({ length: 9 }, (_, i) => i / 8 - 0.5);
  const at = (u: number, lid: 0 | 1) => ({
    x: (start.x + end.x) / 2 + u * widthPx,
    y: (start.y + end.y) / 2 + lidsAt(wide, toTemple * u)[lid] * widthPx,
  });
  const contour = [
    ...places.map((u) => at(u, 0)),
    ...places
      .slice(1, -1)
      .reverse()
      .map((u) => at(u, 1)),
  ];
  const iris = {
    centre: {
      x: (start.x + end.x) / 2 + (toTemple * USUAL_FORM.irisToTemple + 0.05) * widthPx,
      y: (start.y + end.y) / 2 - 0.06 * widthPx,
    },
    radiusPx: 9,
  };
  const eye = { ...request.strip.eyes[side], contour, iris };
  const strip = { ...request.strip, eyes: { ...request.strip.eyes, [side]: eye } };
  const asked = { ...request, strip, openSide: side, sides: [side === 'left' ? 'right' : 'left'] as const };
  for (const seed of [42, 4_000_000_001]) {
    const { form, turn } = eyeWish(asked, seed);
    expect(Math.abs(form.upper / wide.upper - 1)).toBeLessThan(0.04);
    expect(Math.abs(form.lower / wide.lower - 1)).toBeLessThan(0.06);
    expect(form.irisBelow).toBeCloseTo(-0.06, 2);
    expect(turn).toBeCloseTo(0.05, 2);
  }
});
