/** InsightFace's 2d106det: face squares of 192 px in, 106 points out. Its mean and scale are inside the graph. */
import { AppError } from '../../src/core/errors';
import type { Point, Space } from '../../src/core/geometry';
import type { Raster } from '../../src/core/raster';
import type { FloatTensor, Tensors } from '../ort/tensor';
import { colourPlanes } from './colourPlanes';
import { expectNumbers } from './outputs';

export const SIDE_PX = 192;
const POINTS = 106;

/** RGBA bytes → RGB planes 0..255. @throws RangeError for squares of another size. */
export function toBatch(squares: readonly Raster<Space>[]): FloatTensor {
  return colourPlanes(squares, SIDE_PX, 255, '106-point network');
}

/**
 * `fc1` [n, 212]: −1..1 across the square.
 * @throws AppError model-corrupt for another output, FACE_DET_001 when it holds what are no numbers
 */
export function decode<S extends Space>(outputs: Tensors<FloatTensor>): (readonly Point<S>[])[] {
  const [name, output] = Object.entries(outputs)[0]!;
  const { data, dims } = output;
  if (dims.length !== 2 || dims[1] !== 2 * POINTS) {
    const found = `${name} [${dims.join(', ')}]`;
    const expected = `[n, ${2 * POINTS}]`;
    throw new AppError('model-corrupt', `the output is ${found}, not ${expected}`, { found, expected });
  }
  expectNumbers(data);
  // The network counts from the centre of the first pixel.
  const px = (value: number) => Math.fround(Math.fround(value + 1) * (SIDE_PX / 2)) + 0.5;
  return Array.from({ length: dims[0]! }, (_, n) =>
    Array.from({ length: POINTS }, (_, i): Point<S> => {
      const at = 2 * (n * POINTS + i);
      return { x: px(data[at]!), y: px(data[at + 1]!) };
    }),
  );
}
