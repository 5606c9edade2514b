import { expect, test } from 'vitest';
import golden from '../golden/codeformer.json' with { type: 'json' };
import { alignment, alignmentCount, alignmentPoints, casePhoto, template } from './codeformerGolden';

/** The similarity that takes `from` to `to` with the least squares: a, b, x, y. */
function leastSquares(from: readonly (readonly [number, number])[], to: typeof from) {
  const mean = (points: typeof from, axis: 0 | 1) =>
    points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [fromX, fromY, toX, toY] = [mean(from, 0), mean(from, 1), mean(to, 0), mean(to, 1)];
  let [a, b, squares] = [0, 0, 0];
  from.forEach(([x, y], i) => {
    const [px, py, qx, qy] = [x - fromX, y - fromY, to[i]![0] - toX, to[i]![1] - toY];
    a += px * qx + py * qy;
    b += px * qy - py * qx;
    squares += px * px + py * py;
  });
  [a, b] = [a / squares, b / squares];
  return [a, b, toX - a * fromX + b * fromY, toY - b * fromX - a * fromY] as const;
}

test('the reference fits its inliers among the points made here', () => {
  let farthest = 0;
  for (let index = 0; index < alignmentCount; index += 1) {
    const points = alignmentPoints(index);
    const { matrix, inliers } = alignment(index);
    const found = leastSquares(
      inliers.map((i) => points[i]!),
      inliers.map((i) => template[i]!),
    );
    const apart = (x: number, y: number) => {
      const [a, b, right, down] = found.map((value, i) => value - matrix[i]!) as [
        number,
        number,
        number,
        number,
      ];
      return Math.hypot(a * x - b * y + right, b * x + a * y + down);
    };
    farthest = Math.max(farthest, ...points.map(([x, y]) => apart(x, y)));
  }
  expect(farthest).toBeLessThan(0.005);
});

test.each(golden.cases)('the photo of $size, gray $gray, is the one that was pasted on', (one) => {
  expect(casePhoto(one).reduce((sum, value) => sum + value, 0)).toBe(one.photoSum);
});
