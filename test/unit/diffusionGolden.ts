/** Reads test/golden/diffusion.json and repeats its sources (tools/golden/diffusion.py). */
import { expect } from 'vitest';
import type { FloatTensor } from '../../workers/ort/tensor';
import { noiseBytes } from './noise';

/** Little-endian float32. */
export function floatsOf(hex: string): Float32Array<ArrayBuffer> {
  return new Float32Array(Uint8Array.from(Buffer.from(hex, 'hex')).buffer);
}

export function floatHex(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex');
}

/** (byte − 128) / 128 · scale in float32. */
export function noiseFloats(count: number, seed: number, scale: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(noiseBytes(count, seed), (byte) => ((byte - 128) / 128) * Math.fround(scale));
}

export function noiseTensor(dims: readonly number[], seed: number, scale: number): FloatTensor {
  const count = dims.reduce((product, size) => product * size, 1);
  return { data: noiseFloats(count, seed, scale), dims };
}

/** Within 1e-6 of the value wanted, relatively. */
export function expectNear(actual: Float32Array, wanted: Float32Array): void {
  expect(actual.length).toBe(wanted.length);
  const worst = actual.reduce((most, value, i) => {
    const error = Math.abs(value - wanted[i]!) / Math.max(Math.abs(wanted[i]!), 1e-30);
    return Number.isNaN(error) ? Infinity : Math.max(most, error);
  }, 0);
  expect(worst).toBeLessThanOrEqual(1e-6);
}
