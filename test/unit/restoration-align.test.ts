/** Against OpenCV's own estimate on 1,000 random faces (tools/golden/restoration_align.py). */
import { expect, test } from 'vitest';
import { FFHQ_TEMPLATE } from '../../src/core/crop';
import type { FivePoints } from '../../src/core/face';
import { apply, invert, type Point, point, similarity } from '../../src/core/geometry';
import { REFERENCE_SIDE_PX } from '../../src/core/units';
import { alignFace } from '../../src/pipeline/alignFace';
import golden from '../golden/restoration_align.json' with { type: 'json' };

const CORNERS = [0, REFERENCE_SIDE_PX - 1].flatMap((x) => [0, REFERENCE_SIDE_PX - 1].map((y) => ({ x, y })));
const TEMPLATE = FFHQ_TEMPLATE.map(({ x, y }) => point<'crop'>(512 * x, 512 * y));

/** `Uniform` of the script. */
function uniformFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** `points_of` of the script, operation by operation. */
function pointsOf(number: number, uniform: () => number): FivePoints<'photo'> {
  const scale = 0.1 + 3 * uniform();
  const a = scale * (0.4 + uniform());
  const c = scale * (2 * uniform() - 1);
  const tx = 4000 * uniform();
  const ty = 3000 * uniform();
  const off = golden.thrownOff[number % golden.thrownOff.length]!;
  return TEMPLATE.map((p) => {
    const x = p.x + off * (2 * uniform() - 1);
    const y = p.y + off * (2 * uniform() - 1);
    return { x: a * x - c * y + tx, y: c * x + a * y + ty };
  }) as unknown as FivePoints<'photo'>;
}

const uniform = uniformFrom(golden.seed);
const sets = golden.inliers.map((inliers, number) => ({
  points: pointsOf(number, uniform),
  inliers,
  matrix: golden.matrices[number] as [number, number, number, number],
}));

const bitsOf = (inliers: readonly boolean[]) =>
  inliers.reduce((bits, kept, i) => bits + (kept ? 1 << i : 0), 0);

test('the same points are left out, in all 1,000 sets', () => {
  const found = sets.map(({ points }) => bitsOf(alignFace(points, 'lmeds').inliers));
  expect(found).toEqual(golden.inliers);
  expect(found.filter((bits) => bits !== 31).length).toBeGreaterThan(100);
});

test('the square lies where the reference has it, within 0.01 px at its corners', () => {
  let largest = 0;
  for (const { points, matrix } of sets) {
    const [a, c, tx, ty] = matrix;
    const toPhoto = invert<'photo', 'crop'>({ a, b: -c, c, d: a, tx, ty });
    const { toSquare } = alignFace(points, 'lmeds');
    for (const { x, y } of CORNERS) {
      // A corner pixel's centre, where it is in the photo by the reference; then back by our map.
      const there = apply(toPhoto, point<'crop'>(x, y));
      const back = apply(toSquare, point<'photo'>(there.x + 0.5, there.y + 0.5));
      largest = Math.max(largest, Math.hypot(back.x - 0.5 - x, back.y - 0.5 - y));
    }
  }
  expect(largest).toBeLessThan(0.01);
});

test('least squares rests on all five points and differs where the reference leaves one out', () => {
  const thrown = sets.find(({ inliers }) => inliers !== 31)!;
  const { toSquare, inliers } = alignFace(thrown.points, 'leastSquares');
  expect(inliers).toEqual([true, true, true, true, true]);
  const plain = similarity(thrown.points, TEMPLATE);
  expect(toSquare.a).toBeCloseTo(plain.a, 6);
  expect(toSquare.c).toBeCloseTo(plain.c, 6);
  expect(Math.abs(toSquare.a - alignFace(thrown.points, 'lmeds').toSquare.a)).toBeGreaterThan(1e-4);
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
