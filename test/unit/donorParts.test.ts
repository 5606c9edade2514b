import fc from 'fast-check';
import { expect, test } from 'vitest';
import { point } from '../../src/core/geometry';
import { plane, raster } from '../../src/core/raster';
import { distancesTo } from '../../src/pixels/distance';
import { featherInside } from '../../src/pixels/feather';
import { measureIris } from '../../src/pixels/iris';
import { codeOf, linearOf } from '../../src/pixels/light';
import { bicubicSampler } from '../../src/pixels/sample';
import { planEye } from '../../workers/donor/plan';
import { fieldOnGrid, thinPlate } from '../../workers/donor/spline';
import { DRAWN, drawFace, IRIS_RADIUS, irisCentre } from '../fakes/drawnFace';

test('distances are those of a search over all pixels', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(14), { minLength: 13 * 9, maxLength: 13 * 9 }), (cells) => {
      const marked = (i: number) => cells[i] === 0;
      const found = distancesTo(13, 9, marked);
      const wrong = cells.findIndex((_, i) => {
        let nearest = Infinity;
        cells.forEach((_, j) => {
          if (marked(j))
            nearest = Math.min(
              nearest,
              Math.hypot((i % 13) - (j % 13), Math.floor(i / 13) - Math.floor(j / 13)),
            );
        });
        return nearest === Infinity ? found[i] !== Infinity : Math.abs(found[i]! - nearest) > 1e-4;
      });
      expect(wrong).toBe(-1);
    }),
    { numRuns: 50 },
  );
});

test('where no pixel is marked every distance is infinite', () => {
  expect([...distancesTo(3, 2, () => false)]).toEqual(new Array(6).fill(Infinity));
});

test('the soft edge is 0 outside, rises inwards, and is 1 from its width on', () => {
  const mask = plane<'0..1'>(60, 50);
  for (let y = 5; y < 45; y++) for (let x = 7; x < 53; x++) mask.data[y * 60 + x] = 1;
  const alpha = featherInside(mask, null, 8, { x: 7, y: 5, width: 46, height: 40 });
  const row = Array.from({ length: 60 }, (_, x) => alpha.data[25 * 60 + x]!);
  expect(row.slice(0, 7)).toEqual(new Array(7).fill(0));
  expect(row[7]).toBeGreaterThan(0);
  expect(row[7]).toBeLessThan(0.03);
  for (let x = 8; x < 30; x++) expect(row[x]!).toBeGreaterThanOrEqual(row[x - 1]!);
  expect(row[17]).toBe(1);
});

test('light goes to codes and back', () => {
  for (let code = 0; code < 256; code++) expect(codeOf(linearOf(code))).toBeCloseTo(code, 1);
});

test('bicubic samples meet the pixels at their centres', () => {
  const picture = raster<'crop'>(9, 7);
  picture.data.forEach((_, i) => {
    picture.data[i] = (i * 37) % 251;
  });
  const rgb = new Float64Array(3);
  bicubicSampler(picture)(4.5, 2.5, rgb);
  expect([...rgb]).toEqual([...picture.data.slice((2 * 9 + 4) * 4, (2 * 9 + 4) * 4 + 3)]);
});

test('a spline goes through its knots, and keeps affine maps', () => {
  const knots = [
    [3, 4],
    [40, 7],
    [8, 44],
    [37, 41],
    [22, 19],
  ].map(([x, y]) => ({
    at: point<'crop'>(x!, y!),
    to: point<'source'>(2 * x! - y! + 5, 0.5 * y! + 3),
    slack: 0,
  }));
  const map = thinPlate(knots, 20);
  const out = new Float64Array(2);
  for (const [x, y] of [
    [3, 4],
    [22, 19],
    [30, 30],
    [-5, 60],
  ] as const) {
    map(x, y, out);
    expect(out[0]).toBeCloseTo(2 * x - y + 5, 6);
    expect(out[1]).toBeCloseTo(0.5 * y + 3, 6);
  }
});

test('a field on a grid is the field, where that is smooth', () => {
  const field = (x: number, y: number) => 3 * x - 2 * y + 1;
  const grid = fieldOnGrid(field, { x: 10, y: 20, width: 33, height: 21 }, 4);
  for (const [x, y] of [
    [10.5, 20.5],
    [27.2, 33.9],
    [42.5, 40.5],
  ] as const)
    expect(grid(x, y)).toBeCloseTo(field(x, y), 6);
});

test('no warp folds, whatever the two eyes are like', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.75, max: 1.25, noNaN: true }),
      fc.double({ min: -0.17, max: 0.17, noNaN: true }),
      fc.boolean(),
      (squash, look, mirrored) => {
        const square = drawFace<'crop'>({ ...DRAWN, sidePx: 64, left: 'closed', look });
        const source = drawFace<'source'>({ ...DRAWN, sidePx: 80, look });
        const [a, b] = square.eyes.left.corners;
        const middle = (a.x + b.x) / 2;
        const corners = [
          point<'crop'>(middle + (a.x - middle) * squash, a.y),
          point<'crop'>(middle + (b.x - middle) * squash, b.y),
        ] as const;
        const target = { ...square, eyes: { ...square.eyes, left: { ...square.eyes.left, corners } } };
        const side = mirrored ? 'right' : 'left';
        const iris = source.eyes[side].iris;
        const plan = planEye(target, 'left', source, side, iris, 0.8);
        const map = thinPlate(plan.knots, plan.frame.widthPx);
        const at = new Float64Array(6);
        let folded = 0;
        for (let v = -0.5; v <= 0.5; v += 0.05)
          for (let u = -0.8; u <= 0.8; u += 0.05) {
            const x = plan.frame.origin.x + u * plan.frame.widthPx;
            const y = plan.frame.origin.y + v * plan.frame.widthPx;
            map(x, y, at.subarray(0, 2));
            map(x + 0.1, y, at.subarray(2, 4));
            map(x, y + 0.1, at.subarray(4, 6));
            const turn = (at[2]! - at[0]!) * (at[5]! - at[1]!) - (at[4]! - at[0]!) * (at[3]! - at[1]!);
            if (Math.sign(turn) !== (mirrored ? -1 : 1)) folded++;
          }
        expect(folded).toBe(0);
      },
    ),
    { numRuns: 20 },
  );
});

test.each([-0.15, 0, 0.12])('the iris is found on the pixels (look %s), without the mesh too', (look) => {
  const face = { ...DRAWN, look };
  const square = drawFace<'source'>(face);
  const truth = irisCentre(face, 'right');
  const radius = IRIS_RADIUS * face.sidePx;
  const off = {
    ...square.eyes.right,
    iris: { centre: point<'source'>(truth.x + 1.1, truth.y - 0.5), radiusPx: radius },
  };
  for (const eye of [
    off,
    { ...off, iris: null },
    { ...off, iris: { centre: point<'source'>(9, 9), radiusPx: 5 } },
  ]) {
    const iris = measureIris(square.pixels, eye)!;
    expect(iris.sure).toBe(true);
    expect(Math.abs(iris.centre.x - truth.x)).toBeLessThan(0.14 * radius);
    expect(Math.abs(iris.radiusPx / radius - 1)).toBeLessThan(0.16);
  }
});
