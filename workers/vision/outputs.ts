/** What a downloaded network answers with is checked here: it may be another network than its name says. */
import { AppError } from '../../src/core/errors';
import type { Detection } from '../../src/core/face';
import type { Size, Space } from '../../src/core/geometry';
import { areFinite, type FloatTensor, type Tensors } from '../ort/tensor';

/** A face that fills the picture has a box hardly larger than it. */
const MOST_PICTURES = 4;
/** A crowd of 500 gives about 3000. */
const MOST_HITS = 10_000;

/**
 * The one output of `rows` × `values`, with or without an axis of 1 before it.
 * @throws AppError model-corrupt (`details.found`, `details.expected`) when there is none;
 * FACE_DET_001 when it holds NaN or infinities
 */
export function outputOf(outputs: Tensors<FloatTensor>, rows: number, values: number): Float32Array {
  const output = Object.values(outputs).find(
    ({ dims }) => dims.at(-1) === values && dims.at(-2) === rows && dims.slice(0, -2).every((n) => n === 1),
  );
  if (!output) {
    const found = Object.entries(outputs).map(([name, { dims }]) => `${name} [${dims.join(', ')}]`);
    const expected = `[${rows}, ${values}]`;
    throw new AppError('model-corrupt', `no output is ${expected}, there are ${found.join(', ')}`, {
      found: found.join(', '),
      expected,
    });
  }
  return expectNumbers(output.data);
}

/** @throws AppError FACE_DET_001 when a value is NaN or infinite */
export function expectNumbers(values: Float32Array): Float32Array {
  if (areFinite(values)) return values;
  throw new AppError('FACE_DET_001', 'the network answered with what are no numbers', {
    reason: 'not-finite',
  });
}

/**
 * Those that a square can be cut for: at least a photo pixel wide and high, and not many times the picture.
 * @param onePx a photo pixel, in pixels of the picture
 */
export function plausible<S extends Space>(
  faces: readonly Detection<S>[],
  { width, height }: Size,
  onePx: number,
): Detection<S>[] {
  const mostPx = MOST_PICTURES * Math.max(width, height);
  const fits = (side: number) => side >= onePx && side <= mostPx;
  return faces.filter(({ box }) => fits(box.width) && fits(box.height));
}

/** @throws AppError FACE_DET_001 when there are more than any crowd gives: merging them would take minutes */
export function expectCrowd(hits: readonly unknown[]): void {
  if (hits.length <= MOST_HITS) return;
  throw new AppError('FACE_DET_001', `the network sees ${hits.length} faces`, { reason: 'faces-everywhere' });
}
