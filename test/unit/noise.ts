import type { Space } from '../../src/core/geometry';
import { type Raster, raster } from '../../src/core/raster';

/** The bytes of `noise` in tools/golden/noise.py. */
export function noiseBytes(count: number, seed: number): Uint8ClampedArray<ArrayBuffer> {
  const values = new Uint8ClampedArray(count);
  let state = seed;
  for (let i = 0; i < count; i += 1) {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    values[i] = state >>> 24;
  }
  return values;
}

export function noise<S extends Space>(width: number, height: number, seed: number): Raster<S> {
  return raster<S>(width, height, noiseBytes(width * height * 4, seed));
}
