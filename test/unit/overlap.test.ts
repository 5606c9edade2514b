import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rect } from '../../src/core/geometry';
import { keepBest, type OverlapLimits, overlapOf } from '../../src/core/overlap';

const hit = (score: number, x: number, y: number, width: number, height: number) => ({
  score,
  box: rect<'view'>(x, y, width, height),
});

test('overlap as shares of the union and of the smaller box', () => {
  const overlap = overlapOf(rect<'view'>(0, 0, 8, 6), rect<'view'>(4, 3, 10, 5));
  expect(overlap.union).toBeCloseTo(12 / (48 + 50 - 12), 12);
  expect(overlap.smaller).toBeCloseTo(12 / 48, 12);
  expect(overlapOf(rect<'view'>(0, 0, 8, 6), rect<'view'>(8, 0, 3, 3))).toEqual({ union: 0, smaller: 0 });
});

test('the best of doubles stays, also when a small box lies inside a large one', () => {
  const hits = [hit(0.7, 0, 0, 10, 12), hit(0.9, 1, 1, 10, 12), hit(0.8, 40, 3, 9, 9), hit(0.6, 42, 5, 3, 3)];
  const scores = (limits: OverlapLimits) =>
    keepBest<'view', (typeof hits)[number]>(hits, limits).map((h) => h.score);
  expect(scores({ union: 0.4 })).toEqual([0.9, 0.8, 0.6]);
  expect(scores({ union: 0.4, smaller: 0.7 })).toEqual([0.9, 0.8]);
});

test('a box inside another is no double by its union alone, however its sides are rounded', () => {
  const part = fc.double({ min: 0.05, max: 0.6, noNaN: true });
  fc.assert(
    fc.property(part, part, part, part, (x, y, width, height) => {
      const inner = hit(0.5, 10 + x * 3, 20 + y * 3, width, height);
      const kept = keepBest<'view', typeof inner>([hit(0.9, 10, 20, 3, 3), inner], { union: 0.4 });
      expect(kept).toHaveLength(2);
    }),
  );
});

test('what is kept overlaps nothing better, and what is dropped overlaps something kept', () => {
  const side = fc.integer({ min: 1, max: 30 });
  const place = fc.integer({ min: 0, max: 40 });
  const any = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), place, place, side, side);
  fc.assert(
    fc.property(fc.array(any, { maxLength: 12 }), (rows) => {
      const hits = rows.map((row) => hit(...row));
      const limits = { union: 0.4, smaller: 0.7 };
      const clash = (a: (typeof hits)[number], b: (typeof hits)[number]) => {
        const { union, smaller } = overlapOf(a.box, b.box);
        return union > limits.union || smaller > limits.smaller;
      };
      const kept = keepBest<'view', (typeof hits)[number]>(hits, limits);
      kept.forEach((a, i) => {
        expect(kept.slice(i + 1).some((b) => clash(a, b))).toBe(false);
      });
      const dropped = hits.filter((h) => !kept.includes(h));
      expect(dropped.every((d) => kept.some((k) => k.score >= d.score && clash(k, d)))).toBe(true);
    }),
  );
});
