/** What test/golden/codeformer.json was made of, by the rules of tools/golden/codeformer.py, and what it holds. */
import type { FivePoints } from '../../src/core/face';
import { type Affine, point, type Rect, rect, type Space } from '../../src/core/geometry';
import { CHANNELS, type Plane, type Raster, raster } from '../../src/core/raster';
import { enlargeLinear } from '../../src/pixels/resizeLinear';
import golden from '../golden/codeformer.json' with { type: 'json' };
import { noiseBytes } from './noise';

export type CodeformerCase = (typeof golden.cases)[number];
type Stored = CodeformerCase['faces'][number];
/** Every so manyth pixel, row by row: red, green, blue. */
export type StoredColours = Stored['crop'];
/** Every so manyth value, row by row. */
export type StoredShares = Stored['soft'];

/** One face of a case, as the reference's helper had it. */
export interface CodeformerFace {
  readonly points: FivePoints<'photo'>;
  /** Corner origin on both sides, as of `alignFace`. */
  readonly toSquare: Affine<'photo', 'crop'>;
  /** Squares of 512: what the network got and gave. A gray one is rounded: the reference keeps fractions. */
  readonly crop: StoredColours;
  readonly restored: StoredColours;
  /** All that the face changes; `pasted` and `soft` are of this box alone. */
  readonly box: Rect<'enlarged'>;
  /** With all faces of the case pasted. */
  readonly pasted: StoredColours;
  /** The mask that mixes. */
  readonly soft: StoredShares;
}

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
const SMALLEST_PX = 512;
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
    const moved = [a * x - b * y + at(2) * 4, b * x + a * y + at(3) * 4] as const;
    return i === far ? [moved[0] + 300, moved[1] - 200] : moved;
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

/** The photo as the reference aligns and cuts it: one that is smaller than 512 is enlarged first. */
export function casePicture(one: CodeformerCase): Raster<'photo'> {
  const [width, height] = one.size as [number, number];
  const picture = raster<'photo'>(width, height);
  picture.data.fill(255);
  casePhoto(one).forEach((byte, i) => {
    picture.data[Math.floor(i / 3) * CHANNELS + (i % 3)] = byte;
  });
  const least = Math.min(width, height);
  return least < SMALLEST_PX ? enlargeLinear<'photo', 'photo'>(picture, SMALLEST_PX / least) : picture;
}

export function caseFaces({ faces }: CodeformerCase): readonly CodeformerFace[] {
  return faces.map(({ points, matrix, box, ...stored }) => {
    const [a, b, tx, c, d, ty] = matrix as [number, number, number, number, number, number];
    return {
      ...stored,
      points: points.map(([x, y]) => point<'photo'>(x!, y!)) as unknown as FivePoints<'photo'>,
      // The reference counts from pixel centres.
      toSquare: { a, b, c, d, tx: tx + 0.5 - (a + b) / 2, ty: ty + 0.5 - (c + d) / 2 },
      box: rect<'enlarged'>(...(box as [number, number, number, number])),
    };
  });
}

/** Distances of a square, or of the box cut out of the pasted picture, to what is stored of it; codes. */
export function coloursApart({ data }: Raster<Space>, { every, bytes }: StoredColours): Apart {
  const apart = (byte: number, i: number) =>
    Math.abs(data[Math.floor(i / 3) * every * CHANNELS + (i % 3)]! - byte);
  // No Buffer: the bench compares in a browser.
  return summary(bytes.match(/../g)!.map((hex, i) => apart(Number.parseInt(hex, 16), i)));
}

/** The same for the box cut out of a mask. */
export function sharesApart({ data }: Plane<'0..1'>, { every, values }: StoredShares): Apart {
  return summary(values.map((value, i) => Math.abs(data[i * every]! - value)));
}

export interface Apart {
  readonly largest: number;
  readonly mean: number;
}

function summary(distances: readonly number[]): Apart {
  const sum = distances.reduce((total, distance) => total + distance, 0);
  return { largest: Math.max(...distances), mean: sum / distances.length };
}
