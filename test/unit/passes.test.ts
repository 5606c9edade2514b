import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Detection } from '../../src/core/face';
import { apply, point, rect } from '../../src/core/geometry';
import {
  grown,
  PASS_SIDES_PX,
  regionToPhoto,
  requestsOf,
  toPhoto,
  wantsFiner,
} from '../../src/pipeline/passes';

const size = fc.integer({ min: 1, max: 12_000 });
const photos = fc.record({ width: size, height: size });
const sides = fc.constantFrom(...PASS_SIDES_PX);

function detection(score: number, width: number): Detection<'photo'> {
  const p = point<'photo'>(0, 0);
  return { score, box: rect(10, 20, width, width), points: [p, p, p, p, p] };
}

test('tiles cover the photo, lie inside it and are never enlarged or larger than 1600 px', () => {
  fc.assert(
    fc.property(photos, sides, (photo, side) => {
      const requests = requestsOf(photo, side, 1600);
      for (const { area, widthPx, heightPx } of requests) {
        expect(area.x).toBeGreaterThanOrEqual(0);
        expect(area.x + area.width).toBeLessThanOrEqual(photo.width);
        expect(area.y + area.height).toBeLessThanOrEqual(photo.height);
        expect(widthPx).toBeLessThanOrEqual(Math.min(1601, area.width));
        expect(heightPx).toBeLessThanOrEqual(Math.min(1601, area.height));
      }
      const covers = (x: number, y: number) =>
        requests.some(
          ({ area }) => x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height,
        );
      for (let i = 0; i <= 20; i += 1) {
        expect(covers(Math.min(photo.width - 1, (photo.width * i) / 20), photo.height / 2)).toBe(true);
        expect(covers(photo.width / 2, Math.min(photo.height - 1, (photo.height * i) / 20))).toBe(true);
      }
    }),
  );
});

test('12 megapixels: one request at 800 and 1600, six overlapping tiles at 3200', () => {
  const photo = { width: 4000, height: 3000 };
  expect(requestsOf(photo, 800, 1600)).toEqual([
    { area: rect(0, 0, 4000, 3000), widthPx: 800, heightPx: 600 },
  ]);
  expect(requestsOf(photo, 1600, 1600)).toHaveLength(1);
  const tiles = requestsOf(photo, 3200, 1600);
  expect(tiles).toHaveLength(6);
  const [first, second] = tiles;
  const overlapPx = (first!.area.x + first!.area.width - second!.area.x) * 0.8;
  expect(overlapPx).toBeGreaterThanOrEqual(159);
});

test('a finer pass is wanted for small faces or none, not for blobs, and not beyond the photo', () => {
  const photo = { width: 4000, height: 3000 };
  expect(wantsFiner(photo, 800, [], 0.75)).toBe(true);
  expect(wantsFiner(photo, 800, [detection(0.9, 500), detection(0.9, 90)], 0.75)).toBe(true);
  expect(wantsFiner(photo, 800, [detection(0.9, 500), detection(0.9, 110)], 0.75)).toBe(false);
  expect(wantsFiner(photo, 800, [detection(0.9, 500), detection(0.6, 50)], 0.75)).toBe(false);
  expect(wantsFiner({ width: 800, height: 700 }, 800, [], 0.75)).toBe(false);
});

test('hits come home from a tile', () => {
  const map = regionToPhoto({ area: rect(100, 50, 400, 300), widthPx: 200, heightPx: 100 });
  expect(apply(map, point<'view'>(7, 9))).toEqual({ x: 114, y: 77 });
  const p = point<'view'>(3, 5);
  const home = toPhoto({ score: 0.8, box: rect(10, 20, 30, 40), points: [p, p, p, p, p] }, map);
  expect(home.box).toEqual({ x: 120, y: 110, width: 60, height: 120 });
  expect(home.points[2]).toEqual({ x: 106, y: 65 });
});

test('a box grows round its centre', () => {
  expect(grown(rect(10, 20, 4, 6), 3)).toEqual({ x: 6, y: 14, width: 12, height: 18 });
});
