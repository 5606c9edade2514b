import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FaceMesh } from '../../src/core/face';
import { apply, compose, point, rect } from '../../src/core/geometry';
import { boxFrame, meshFrame, squareFrame } from '../../src/pipeline/trace';

test('a square goes to the photo and back, its centre on the centre', () => {
  const number = fc.double({ min: -3000, max: 3000, noNaN: true });
  const length = fc.double({ min: 5, max: 4000, noNaN: true });
  fc.assert(
    fc.property(number, number, length, number, (x, y, lengthPx, rollRad) => {
      const { toPhoto, toCrop } = squareFrame(point(x, y), lengthPx, rollRad, 256);
      const centre = apply(toPhoto, point<'crop'>(128, 128));
      expect(Math.hypot(centre.x - x, centre.y - y)).toBeLessThan(1e-6);
      const back = apply(compose(toPhoto, toCrop), point<'crop'>(31, 207));
      expect(Math.hypot(back.x - 31, back.y - 207)).toBeLessThan(1e-6);
    }),
  );
});

test('eye points of a rolled face lie level in its square, image-left first', () => {
  const left = point<'photo'>(300, 420);
  const right = point<'photo'>(360, 480);
  const p = point<'photo'>(0, 0);
  const hit = { score: 0.9, box: rect<'photo'>(280, 380, 120, 150), points: [left, right, p, p, p] } as const;
  const { toCrop } = boxFrame(hit, 1.4);
  const [a, b] = [apply(toCrop, left), apply(toCrop, right)];
  expect(a.y).toBeCloseTo(b.y, 9);
  expect(b.x - a.x).toBeCloseTo((Math.hypot(60, 60) * 256) / (150 * 1.4), 9);
});

test('a mesh lies centred and level in its own square, for any turn', () => {
  const upright = Array.from({ length: 478 }, (_, i) => ({ x: (i * 37) % 100, y: (i * 61) % 140 }));
  for (const [index, x, y] of [
    [33, 20, 50],
    [133, 40, 50],
    [362, 60, 50],
    [263, 80, 50],
  ] as const) {
    upright[index] = { x, y };
  }
  fc.assert(
    fc.property(fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }), (turn) => {
      const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
      const points = upright.map(({ x, y }) =>
        point<'photo'>(500 + x * cos - y * sin, 400 + x * sin + y * cos),
      );
      const mesh: FaceMesh<'photo'> = { layout: 'mediapipe-478', presence: 1, points };
      const { toCrop } = meshFrame(mesh);
      const inside = points.map((p) => apply(toCrop, p));
      const ys = inside.slice(0, 468).map((p) => p.y);
      expect((Math.min(...ys) + Math.max(...ys)) / 2).toBeCloseTo(128, 6);
      expect(Math.max(...ys) - Math.min(...ys)).toBeCloseTo(256 / 1.5, 6);
      expect(inside[33]!.y).toBeCloseTo(inside[263]!.y, 6);
      expect(inside[33]!.x).toBeLessThan(inside[263]!.x);
    }),
  );
});
