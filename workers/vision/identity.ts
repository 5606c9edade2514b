/** dlib's face recognition network: upright 150-px face chips in, 128 numbers each out. The mean colour is taken off inside. */
import type { Identity } from '../../src/core/face';
import type { Space } from '../../src/core/geometry';
import type { Raster } from '../../src/core/raster';
import type { FloatTensor } from '../ort/tensor';
import { colourPlanes } from './colourPlanes';

const CHIP_SIDE_PX = 150;
const NUMBERS = 128;

/** RGBA bytes → RGB planes 0..255. @throws RangeError for chips of another size. */
export function toBatch(chips: readonly Raster<Space>[]): FloatTensor {
  return colourPlanes(chips, CHIP_SIDE_PX, 255, 'identity network');
}

/** `embedding` [n, 128]. */
export function decode({ embedding }: Readonly<Record<string, FloatTensor>>): Identity[] {
  const { data, dims } = embedding!;
  return Array.from({ length: dims[0]! }, (_, n) => data.slice(n * NUMBERS, (n + 1) * NUMBERS));
}
