/** MediaPipe face mesh v2: upright 256-px squares in, 478 points in square pixels and a presence out. */
import type { FaceMesh } from '../../src/core/face';
import type { Point, Space } from '../../src/core/geometry';
import { CHANNELS, type Raster } from '../../src/core/raster';
import type { FloatTensor } from '../ort';

export const MESH_SIDE_PX = 256;
const POINTS = 478;

/** RGBA bytes → RGB planes 0..1, [n, 3, 256, 256]. @throws RangeError for squares of another size. */
export function toBatch(squares: readonly Raster<Space>[]): FloatTensor {
  const planePx = MESH_SIDE_PX * MESH_SIDE_PX;
  const out = new Float32Array(squares.length * 3 * planePx);
  squares.forEach(({ width, height, data }, n) => {
    if (width !== MESH_SIDE_PX || height !== MESH_SIDE_PX) {
      throw new RangeError(`the mesh wants ${MESH_SIDE_PX}×${MESH_SIDE_PX} px, got ${width}×${height}`);
    }
    const start = n * 3 * planePx;
    for (let i = 0; i < planePx; i += 1) {
      out[start + i] = data[i * CHANNELS]! / 255;
      out[start + planePx + i] = data[i * CHANNELS + 1]! / 255;
      out[start + 2 * planePx + i] = data[i * CHANNELS + 2]! / 255;
    }
  });
  return { data: out, dims: [squares.length, 3, MESH_SIDE_PX, MESH_SIDE_PX] };
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
