/** What the reference's own alignments do not show; those are in codeformerGolden.test.ts. */
import { expect, test } from 'vitest';
import { FFHQ_TEMPLATE } from '../../src/core/crop';
import type { FivePoints } from '../../src/core/face';
import { apply, type Point, point, similarity } from '../../src/core/geometry';
import { alignFace } from '../../src/pipeline/alignFace';
import { alignment, alignmentCount, alignmentPoints } from './codeformerGolden';

const TEMPLATE = FFHQ_TEMPLATE.map(({ x, y }) => point<'crop'>(512 * x, 512 * y));

test('least squares rests on all five points and differs where the reference leaves one out', () => {
  const stray = Array.from({ length: alignmentCount }, (_, i) => i).find(
    (i) => alignment(i).inliers.length < 5,
  )!;
  const points = alignmentPoints(stray).map(([x, y]) => point<'photo'>(x, y));
  const face = points as unknown as FivePoints<'photo'>;
  const { toSquare, inliers } = alignFace(face, 'leastSquares');
  expect(inliers).toEqual([true, true, true, true, true]);
  const plain = similarity(points, TEMPLATE);
  expect(toSquare.a).toBeCloseTo(plain.a, 6);
  expect(toSquare.c).toBeCloseTo(plain.c, 6);
  expect(Math.abs(toSquare.a - alignFace(face, 'lmeds').toSquare.a)).toBeGreaterThan(1e-4);
});

test('a face whose points lie on the template is not moved', () => {
  const { toSquare } = alignFace(TEMPLATE as unknown as FivePoints<'photo'>, 'lmeds');
  const corner = apply(toSquare, point<'photo'>(509.25, 3.75));
  expect(corner.x).toBeCloseTo(509.25, 3);
  expect(corner.y).toBeCloseTo(3.75, 3);
});

test('points that are no face are refused', () => {
  const five = (p: Point<'photo'>) => [p, p, p, p, p] as const;
  for (const method of ['lmeds', 'leastSquares'] as const) {
    expect(() => alignFace(five(point(37, 41)), method)).toThrow(/coincide|differ/);
    expect(() => alignFace(five(point(Number.NaN, 41)), method)).toThrow(/NaN/);
  }
});
