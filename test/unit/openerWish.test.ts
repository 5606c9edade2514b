import { expect, test } from 'vitest';
import { USUAL_FORM } from '../../src/pixels/eyeForm';
import { eyeWish } from '../../workers/opener/wish';

const wishOf = (seed: number, place: number, openness = 1, yawRad = 0) =>
  eyeWish(seed, place, openness, yawRad);

test('the first seed is the usual eye, whatever its number', () => {
  const first = wishOf(42, 0);
  expect(first.form).toEqual(USUAL_FORM);
  expect(first.turn).toBe(wishOf(7, 0).turn);
  expect(wishOf(7, 0)).toEqual(first);
});

test('further seeds are other eyes, each its own, near the usual one', () => {
  const wishes = [43, 44, 45, 46].map((seed, i) => wishOf(seed, i + 1));
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

test('a seed at its place is always the same eye', () => {
  expect(wishOf(4_294_967_295, 3, 1.1, 0.2)).toEqual(wishOf(4_294_967_295, 3, 1.1, 0.2));
});

test('openness moves the upper lid alone, and a turned head turns the eyes back', () => {
  const wide = wishOf(42, 0, 1.3);
  expect(wide.form).toEqual({ ...USUAL_FORM, upper: 1.3 * USUAL_FORM.upper });
  expect(wishOf(42, 0, 1, 0.3).turn).toBeLessThan(-0.03);
  expect(wishOf(42, 0, 1, -0.3).turn).toBeGreaterThan(0.03);
});
