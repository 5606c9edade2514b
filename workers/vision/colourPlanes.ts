import type { Space } from '../../src/core/geometry';
import { CHANNELS, type Raster } from '../../src/core/raster';
import type { FloatTensor } from '../ort/tensor';

/** RGBA bytes → RGB planes 0..`white`, [n, 3, side, side]. @throws RangeError for squares of another size. */
export function colourPlanes(
  squares: readonly Raster<Space>[],
  sidePx: number,
  white: number,
  network: string,
): FloatTensor {
  const planePx = sidePx * sidePx;
  const out = new Float32Array(squares.length * 3 * planePx);
  const scale = white / 255;
  squares.forEach(({ width, height, data }, n) => {
    if (width !== sidePx || height !== sidePx) {
      throw new RangeError(`the ${network} wants ${sidePx}×${sidePx} px, got ${width}×${height}`);
    }
    const start = n * 3 * planePx;
    for (let i = 0; i < planePx; i += 1) {
      out[start + i] = data[i * CHANNELS]! * scale;
      out[start + planePx + i] = data[i * CHANNELS + 1]! * scale;
      out[start + 2 * planePx + i] = data[i * CHANNELS + 2]! * scale;
    }
  });
  return { data: out, dims: [squares.length, 3, sidePx, sidePx] };
}
