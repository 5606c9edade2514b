import { expect, test } from 'vitest';
import { USUAL_FORM } from '../../src/pixels/eyeForm';
import { eyeWish } from '../../workers/opener/wish';

const wishOf = (seed: number, openness = 1, yawRad = 0) => eyeWish(seed, openness, yawRad);

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
