/** `cv2.GaussianBlur` of floats: spec D.1, imgproc's smooth.dispatch.cpp and filter.simd.hpp. Edges are mirrored (REFLECT_101). */
import { type Plane, plane, type Range } from '../core/raster';

type Floats = Float32Array<ArrayBuffer>;

/** What OpenCV takes where it is to choose the deviation itself. */
const TABLES: Readonly<Record<number, readonly number[]>> = {
  1: [1],
  3: [0.25, 0.5, 0.25],
  5: [0.0625, 0.25, 0.375, 0.25, 0.0625],
  7: [0.03125, 0.109375, 0.21875, 0.28125, 0.21875, 0.109375, 0.03125],
  9: [4, 13, 30, 51, 60, 51, 30, 13, 4].map((share) => share / 256),
};

/**
 * @param sizePx odd. @param sigmaPx 0: chosen from the size.
 * @throws RangeError when the size is not odd and positive
 */
export function gaussianBlur<R extends Range>(source: Plane<R>, sizePx: number, sigmaPx: number): Plane<R> {
  return plane<R>(source.width, source.height, blurred(source, sizePx, sigmaPx));
}

/** Weights add up to 1. */
export function gaussianKernel(sizePx: number, sigmaPx: number): readonly number[] {
  if (!Number.isInteger(sizePx) || sizePx < 1 || sizePx % 2 === 0)
    throw new RangeError(`a blur needs an odd, positive size, got ${sizePx}`);
  const table = TABLES[sizePx];
  if (table && sigmaPx <= 0) return table;
  const sigma = sigmaPx > 0 ? sigmaPx : 0.3 * ((sizePx - 1) * 0.5 - 1) + 0.8;
  const middle = (sizePx - 1) / 2;
  const weights = Array.from({ length: sizePx }, (_, i) =>
    Math.exp(-((i - middle) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * OpenCV's order of sums, in float32: across one tap after the other, down from the middle with the two lines of equal weight
 * added first. Where a whole window has one value, as in most of a mask, the neighbour's result is taken.
 */
function blurred({ width, height, data }: Plane<Range>, sizePx: number, sigmaPx: number): Floats {
  const weights = Float32Array.from(gaussianKernel(sizePx, sigmaPx));
  if (sizePx === 1) return data.slice();
  const reach = (sizePx - 1) / 2;
  const out = new Float32Array(width * height);
  const pair = new Float32Array(width);
  const padded = new Float32Array(width + 2 * reach);
  const runsDown = new Int32Array(width);
  // Of the lines that are done across, those that are still needed.
  const ring = Array.from({ length: Math.min(sizePx, height) }, () => new Float32Array(width));
  const lineAt = (y: number) => ring[mirrored(y, height) % ring.length]!;
  const addLine = (y: number) => {
    const before = y > 0 ? lineAt(y - 1) : null;
    const line = lineAt(y);
    for (let x = -reach; x < width + reach; x += 1) padded[x + reach] = data[y * width + mirrored(x, width)]!;
    blurAcross(line, padded, weights);
    for (let x = 0; x < width; x += 1) runsDown[x] = before && line[x] === before[x] ? runsDown[x]! + 1 : 1;
  };
  for (let y = 0, next = 0; y < height; y += 1) {
    for (; next < height && next <= y + reach; next += 1) addLine(next);
    const target = out.subarray(y * width, (y + 1) * width);
    const middle = lineAt(y);
    // Mirrored lines are not counted: near the edges nothing is taken over.
    const isSteady = (x: number) => y + reach < height && runsDown[x]! > sizePx;
    forStretches(width, isSteady, (from, to, steady) => {
      if (steady) {
        target.set(out.subarray((y - 1) * width + from, (y - 1) * width + to), from);
        return;
      }
      for (let x = from; x < to; x += 1) target[x] = middle[x]! * weights[reach]!;
      for (let k = 1; k <= reach; k += 1) {
        const above = lineAt(y - k);
        const below = lineAt(y + k);
        const weight = weights[reach + k]!;
        for (let x = from; x < to; x += 1) pair[x] = above[x]! + below[x]!;
        for (let x = from; x < to; x += 1) target[x] = pair[x]! * weight + target[x]!;
      }
    });
  }
  return out;
}

function blurAcross(line: Floats, padded: Floats, weights: Floats): void {
  const size = weights.length;
  const runs = new Int32Array(padded.length).fill(1);
  for (let i = 1; i < padded.length; i += 1) if (padded[i] === padded[i - 1]) runs[i] = runs[i - 1]! + 1;
  const isSteady = (x: number) => runs[x + size - 1]! > size;
  forStretches(line.length, isSteady, (from, to, steady) => {
    line.fill(steady ? line[from - 1]! : 0, from, to);
    if (steady) return;
    for (let k = 0; k < size; k += 1) {
      const weight = weights[k]!;
      for (let x = from; x < to; x += 1) line[x] = padded[x + k]! * weight + line[x]!;
    }
  });
}

/** Cuts 0..`length` where `test` changes. */
function forStretches(
  length: number,
  test: (i: number) => boolean,
  visit: (from: number, to: number, passes: boolean) => void,
): void {
  for (let from = 0, to = 0; from < length; from = to) {
    const passes = test(from);
    for (to = from + 1; to < length && test(to) === passes; ) to += 1;
    visit(from, to, passes);
  }
}

/** The edge itself is not repeated: −1 is 1. */
function mirrored(i: number, length: number): number {
  if (i >= 0 && i < length) return i;
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const place = ((i % period) + period) % period;
  return place < length ? place : period - place;
}
