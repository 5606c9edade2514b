/** What the reference does for gray photos: the restored face becomes gray, with the light and contrast of the crop. */
import type { Space } from '../../src/core/geometry';
import { CHANNELS, expectSameSize, type Raster, raster } from '../../src/core/raster';

/** Mean variance of the differences between channels, codes². */
const MOST_COLOUR = 10;
const GRAY_SHARES = [0.2989, 0.587, 0.114] as const;
const EPSILON = 1e-5;

/** Whether the reference takes the photo for a gray one. */
export function isGray({ data }: Raster<Space>): boolean {
  // Of red less green, green less blue, blue less red. Whole numbers: sums of any photo are exact.
  const sums: [number, number, number] = [0, 0, 0];
  let squares = 0;
  for (let at = 0; at < data.length; at += CHANNELS) {
    const first = data[at]! - data[at + 1]!;
    const second = data[at + 1]! - data[at + 2]!;
    const third = -first - second;
    sums[0] += first;
    sums[1] += second;
    sums[2] += third;
    squares += first * first + second * second + third * third;
  }
  const count = data.length / CHANNELS;
  const means = sums.reduce((total, sum) => total + (sum / count) ** 2, 0);
  return (squares / count - means) / 3 <= MOST_COLOUR;
}

/**
 * Fractions are cut off, as the reference does it in the end. Values beyond black and white are clamped; there the reference
 * runs over, or takes the photo for one of 16 bits.
 * @param square the crop that was restored. @throws RangeError when sizes differ
 */
export function grayFace(face: Raster<'crop'>, square: Raster<'crop'>): Raster<'crop'> {
  expectSameSize(face, square);
  const count = face.width * face.height;
  const [red, green, blue] = GRAY_SHARES;
  const gray = Float64Array.from({ length: count }, (_, i) => {
    const at = i * CHANNELS;
    return red * face.data[at]! + green * face.data[at + 1]! + blue * face.data[at + 2]!;
  });
  const from = momentsOf(count, (i) => gray[i]!);
  const result = raster<'crop'>(face.width, face.height, face.data.slice());
  for (let c = 0; c < 3; c += 1) {
    const to = momentsOf(count, (i) => square.data[i * CHANNELS + c]!);
    const gain = Math.sqrt(to.variance + EPSILON) / Math.sqrt(from.variance + EPSILON);
    for (let i = 0; i < count; i += 1)
      result.data[i * CHANNELS + c] = Math.floor((gray[i]! - from.mean) * gain + to.mean);
  }
  return result;
}

function momentsOf(count: number, valueAt: (i: number) => number): { mean: number; variance: number } {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < count; i += 1) {
    const value = valueAt(i);
    sum += value;
    squares += value * value;
  }
  const mean = sum / count;
  return { mean, variance: Math.max(0, squares / count - mean * mean) };
}
