/** MediaPipe face mesh v2: upright 256-px squares in, 478 points in square pixels and a presence out. */
import type { FaceMesh } from '../../src/core/face';
import type { Point, Space } from '../../src/core/geometry';
import type { Raster } from '../../src/core/raster';
import type { FloatTensor } from '../ort/tensor';
import { colourPlanes } from './colourPlanes';

export const MESH_SIDE_PX = 256;
const POINTS = 478;

/** RGBA bytes → RGB planes 0..1. @throws RangeError for squares of another size. */
export function toBatch(squares: readonly Raster<Space>[]): FloatTensor {
  return colourPlanes(squares, MESH_SIDE_PX, 1, 'mesh');
}

/** `landmarks` [n, 1434] (x, y, depth in px of the square), `presence` [n, 1] as a logit. */
export function decode<S extends Space>({
  landmarks,
  presence,
}: Readonly<Record<string, FloatTensor>>): FaceMesh<S>[] {
  const values = landmarks!.data;
  return Array.from(presence!.data, (logit, n) => ({
    layout: 'mediapipe-478',
    presence: 1 / (1 + Math.exp(-logit)),
    points: Array.from({ length: POINTS }, (_, i): Point<S> => {
      const at = (n * POINTS + i) * 3;
      return { x: values[at]!, y: values[at + 1]! };
    }),
  }));
}
