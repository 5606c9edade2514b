/** What a downloaded network answers with is checked here: it may be another network than its name says. */
import { AppError } from '../../src/core/errors';
import type { Detection } from '../../src/core/face';
import type { Space } from '../../src/core/geometry';
import type { FloatTensor, Tensors } from '../ort/tensor';

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
  // NaN and infinities survive every sum, so one look at it is enough. By index: an iterator takes ten times as long.
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i]!;
  if (Number.isFinite(sum)) return values;
  throw new AppError('FACE_DET_001', 'the network answered with what are no numbers', {
    reason: 'not-finite',
  });
}

/** A box that no picture can be cut from is no face. */
export function hasArea({ box }: Detection<Space>): boolean {
  return box.width > 0 && box.height > 0;
}
