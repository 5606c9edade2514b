/** The alignments of CodeFormer's own helper against ours, and the photos of its cases (tools/golden/codeformer.py). */
import { expect, test } from 'vitest';
import type { FivePoints } from '../../src/core/face';
import { apply, point } from '../../src/core/geometry';
import { alignFace } from '../../src/pipeline/alignFace';
import golden from '../golden/codeformer.json' with { type: 'json' };
import { alignment, alignmentCount, alignmentPoints, casePhoto } from './codeformerGolden';

test('the helper leaves out the points that we leave out, and fits the rest as we do', () => {
  let farthest = 0;
  for (let index = 0; index < alignmentCount; index += 1) {
    const points = alignmentPoints(index).map(([x, y]) => point<'photo'>(x, y));
    const { toSquare, inliers } = alignFace(points as unknown as FivePoints<'photo'>, 'lmeds');
    const wanted = alignment(index);
    expect(
      inliers.flatMap((kept, i) => (kept ? [i] : [])),
      `set ${index}`,
    ).toEqual(wanted.inliers);
    const [a, b, right, down] = wanted.matrix;
    for (const { x, y } of points) {
      // The helper counts from pixel centres.
      const ours = apply(toSquare, point<'photo'>(x + 0.5, y + 0.5));
      const apart = Math.hypot(ours.x - 0.5 - (a * x - b * y + right), ours.y - 0.5 - (b * x + a * y + down));
      farthest = Math.max(farthest, apart);
    }
  }
  expect(farthest).toBeLessThan(0.005);
});

test.each(golden.cases)('the photo of $size, gray $gray, is the one that was pasted on', (one) => {
  expect(casePhoto(one).reduce((sum, value) => sum + value, 0)).toBe(one.photoSum);
});
