/** InsightFace's points of many faces, and what its order means. */
import { expect, test } from 'vitest';
import { point, rect, signedArea } from '../../src/core/geometry';
import type { CropFrame } from '../../src/core/photo';
import { raster } from '../../src/core/raster';
import type { VisionEngine } from '../../src/engines/contracts';
import { EYES_106, points106Of } from '../../src/pipeline/points106';

test.each([1, 16, 17, 500])(
  '%d faces get their own points, however they are cut into batches',
  async (count) => {
    const faces = Array.from({ length: count }, (_, i) => ({
      box: rect<'photo'>(10 * i, 3 * i, 80 + i, 100),
      points: [0, 1, 2, 3, 4].map((k) => point<'photo'>(10 * i + k, 3 * i)) as never,
    }));
    const batches: number[] = [];
    const cut = async (frames: readonly CropFrame[]) => {
      batches.push(frames.length);
      return frames.map(() => raster<'crop'>(192, 192));
    };
    // Every face's points lie in the middle of its square.
    const vision = {
      points106: async (squares: readonly unknown[]) => squares.map(() => [point<'crop'>(96.5, 96.5)]),
    } as unknown as VisionEngine;
    const found = await points106Of(faces, cut, 'cpu', vision, new AbortController().signal);
    expect(found).toHaveLength(count);
    found.forEach(([middle], i) => {
      const { box } = faces[i]!;
      expect(middle!.x).toBeCloseTo(box.x + box.width / 2 + 0.5, 3);
      expect(middle!.y).toBeCloseTo(box.y + box.height / 2 + 0.5, 3);
    });
    expect(Math.max(...batches)).toBeLessThanOrEqual(16);
  },
);

test('rings run clockwise from the corner at image-left, right eye first in the picture, without centre and pupil', () => {
  for (const { ring } of Object.values(EYES_106)) {
    expect(new Set(ring).size).toBe(8);
    expect(ring.some((index) => [34, 38, 88, 92].includes(index))).toBe(false);
    // As the names of the reference's map say where they lie: corner, upper quarter, top, upper quarter, corner …
    const drawn = ring.map((_, i) =>
      point<'photo'>(-Math.cos((i * Math.PI) / 4), -Math.sin((i * Math.PI) / 4)),
    );
    expect(signedArea(drawn)).toBeGreaterThan(0);
  }
  expect(EYES_106.left.ring.map((index) => index - 54)).toEqual([35, 41, 40, 42, 39, 37, 33, 36]);
});
