/** What test/golden/codeformer.json was made of, by the rules of tools/golden/codeformer.py. */

import golden from '../golden/codeformer.json' with { type: 'json' };
import { noiseBytes } from './noise';

export type CodeformerCase = (typeof golden.cases)[number];
type Pair = readonly [x: number, y: number];

/** Eyes, nose, corners of the mouth in the square of 512. */
const template: readonly Pair[] = [
  [192.98138, 239.94708],
  [318.90277, 240.1936],
  [256.63416, 314.01935],
  [201.26117, 371.41043],
  [313.08905, 371.15118],
];

const CELL = 32;
const { alignments } = golden;
export const alignmentCount = alignments.matrices.length;
const setBytes = noiseBytes(alignmentCount * alignments.bytesPerSet, alignments.seed);

/** The `index`th set of 5 points: the template turned, moved and disturbed, in some sets with one point far off. */
export function alignmentPoints(index: number): readonly Pair[] {
  const bytes = setBytes.subarray(index * alignments.bytesPerSet, (index + 1) * alignments.bytesPerSet);
  const at = (i: number) => bytes[i]!;
  const a = 0.125 + at(0) / 128;
  const b = (at(1) - 128) / 128;
  const far = at(15) >= 192 ? at(15) % 5 : -1;
  return template.map(([templateX, templateY], i) => {
    const x = templateX + ((at(5 + 2 * i) - 128) / 128) * (at(4) / 4);
    const y = templateY + ((at(6 + 2 * i) - 128) / 128) * (at(4) / 4);
    const point = [a * x - b * y + at(2) * 4, b * x + a * y + at(3) * 4] as const;
    return i === far ? [point[0] + 300, point[1] - 200] : point;
  });
}

/** a, b, x, y of [[a, -b, x], [b, a, y]], and the points that it was fitted to. */
export function alignment(index: number) {
  const bits = Number.parseInt(alignments.inliers[index]!, 32);
  return {
    matrix: alignments.matrices[index] as [number, number, number, number],
    inliers: [0, 1, 2, 3, 4].filter((i) => (bits >> i) & 1),
  };
}

/** Bytes of red, green and blue. */
export function casePhoto({ size, seed, gray }: CodeformerCase): Uint8ClampedArray<ArrayBuffer> {
  const [width, height] = size as [number, number];
  const columns = Math.floor(width / CELL) + 2;
  const grid = noiseBytes(columns * (Math.floor(height / CELL) + 2) * 3, seed);
  const grain = noiseBytes(width * height * 3, seed + 1);
  return grain.map((byte, i) => {
    const pixel = Math.floor(i / 3);
    const channel = gray ? 0 : i % 3;
    const y = Math.floor(pixel / width);
    const x = pixel % width;
    const [down, right] = [y % CELL, x % CELL];
    const ramp = (row: number) => {
      const left = (row * columns + Math.floor(x / CELL)) * 3 + channel;
      return grid[left]! * (CELL - right) + grid[left + 3]! * right;
    };
    const row = Math.floor(y / CELL);
    const sum = ramp(row) * (CELL - down) + ramp(row + 1) * down;
    const smooth = Math.floor((sum + (CELL * CELL) / 2) / CELL ** 2);
    const own = gray ? grain[pixel * 3]! : byte;
    const value = Math.min(255, Math.max(0, smooth + (own >> 4) - 8));
    return gray ? Math.floor(value / 2) + 64 : value;
  });
}
