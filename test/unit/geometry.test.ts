import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Affine,
  apply,
  boundsOf,
  compose,
  invert,
  type Point,
  point,
  polygonArea,
  rect,
  signedArea,
  similarity,
} from '../../src/core/geometry';

const coordinate = fc.double({ min: -3000, max: 3000, noNaN: true });
const points = fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 9 });

function rotation(angleRad: number, scale: number, tx: number, ty: number): Affine<'photo', 'crop'> {
  const a = Math.cos(angleRad) * scale;
  const c = Math.sin(angleRad) * scale;
  return { a, b: -c, c, d: a, tx, ty };
}

test('a map and its inverse bring every point home', () => {
  fc.assert(
    fc.property(
      coordinate,
      coordinate,
      fc.double({ min: 0.05, max: 9, noNaN: true }),
      coordinate,
      (x, y, s, t) => {
        const map = rotation(t / 500, s, t, -t / 3);
        const home = apply(invert(map), apply(map, point<'photo'>(x, y)));
        expect(home.x).toBeCloseTo(x, 6);
        expect(home.y).toBeCloseTo(y, 6);
      },
    ),
  );
});

test('compose goes first, then second', () => {
  const first = rotation(0.3, 2, 5, 7);
  const second: Affine<'crop', 'tensor'> = { a: 0.5, b: 0.1, c: -0.2, d: 0.7, tx: 11, ty: -13 };
  const p = point<'photo'>(17, 19);
  const both = apply(compose(first, second), p);
  const steps = apply(second, apply(first, p));
  expect(both.x).toBeCloseTo(steps.x, 12);
  expect(both.y).toBeCloseTo(steps.y, 12);
});

test('similarity finds the map that made the points', () => {
  fc.assert(
    fc.property(points, fc.double({ min: -3, max: 3, noNaN: true }), (list, angle) => {
      const from: Point<'photo'>[] = list.map(([x, y]) => ({ x, y }));
      fc.pre(Math.max(...from.map((p) => Math.hypot(p.x - from[0]!.x, p.y - from[0]!.y))) > 1);
      const map = rotation(angle, 1.7, 23, 29);
      const found = similarity(
        from,
        from.map((p) => apply(map, p)),
      );
      for (const key of ['a', 'b', 'c', 'd'] as const) expect(found[key]).toBeCloseTo(map[key], 6);
      expect(found.tx).toBeCloseTo(map.tx, 4);
    }),
  );
});

test('what has no inverse is refused', () => {
  expect(() => invert({ a: 1, b: 2, c: 2, d: 4, tx: 0, ty: 0 })).toThrow(RangeError);
  expect(() => similarity([point(1, 1), point(1, 1)], [point(2, 3), point(4, 5)])).toThrow(RangeError);
});

test('a ring that is clockwise on screen has positive area', () => {
  const ring = [point<'photo'>(0, 0), point<'photo'>(4, 0), point<'photo'>(4, 3), point<'photo'>(0, 3)];
  expect(signedArea(ring)).toBe(12);
  expect(signedArea(ring.toReversed())).toBe(-12);
  expect(polygonArea(ring.toReversed())).toBe(12);
});

test('bounds hold every point and stay inside', () => {
  const area = boundsOf([point<'photo'>(3.2, 5.9), point<'photo'>(7.5, 41)], 2, rect<'photo'>(0, 0, 9, 20));
  expect(area).toEqual({ x: 1, y: 3, width: 8, height: 17 });
});
