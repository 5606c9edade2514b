import type { Space } from '../core/geometry';
import { CHANNELS, type Raster } from '../core/raster';

/** Catmull-Rom weights (Keys 1981, a = −0.5) of the four neighbours at fraction `t`. */
function cubicWeights(t: number, out: Float64Array): void {
  const t2 = t * t;
  const t3 = t2 * t;
  out[0] = 0.5 * (-t3 + 2 * t2 - t);
  out[1] = 0.5 * (3 * t3 - 5 * t2 + 2);
  out[2] = 0.5 * (-3 * t3 + 4 * t2 + t);
  out[3] = 0.5 * (t3 - t2);
}

export type Sampler = (x: number, y: number, rgb: Float64Array) => void;

/** Bicubic RGB of single points (centre of the first pixel: 0.5, 0.5); beyond the edge the edge is repeated. */
export function bicubicSampler(picture: Raster<Space>): Sampler {
  const { width, height, data } = picture;
  const wx = new Float64Array(4);
  const wy = new Float64Array(4);
  return (x, y, rgb) => {
    const left = Math.floor(x - 0.5);
    const top = Math.floor(y - 0.5);
    cubicWeights(x - 0.5 - left, wx);
    cubicWeights(y - 0.5 - top, wy);
    let r = 0;
    let g = 0;
    let b = 0;
    for (let j = 0; j < 4; j++) {
      const row = Math.min(Math.max(top - 1 + j, 0), height - 1) * width;
      for (let i = 0; i < 4; i++) {
        const k = (row + Math.min(Math.max(left - 1 + i, 0), width - 1)) * CHANNELS;
        const w = wx[i]! * wy[j]!;
        r += w * data[k]!;
        g += w * data[k + 1]!;
        b += w * data[k + 2]!;
      }
    }
    rgb[0] = r;
    rgb[1] = g;
    rgb[2] = b;
  };
}
