/** Pixel containers. Every constructor checks that the data has the length its size promises. */
import type { Space } from './geometry';

declare const rasterSpace: unique symbol;
declare const planeRange: unique symbol;

/** 8-bit RGBA, row-major, straight (not premultiplied) alpha, values as they are coded in the file. */
export interface Raster<S extends Space> {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly [rasterSpace]?: S;
}

/** The value range a float plane promises. */
export type Range = '0..1' | '-1..1';

/** One float channel, row-major. */
export interface Plane<R extends Range> {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array<ArrayBuffer>;
  readonly [planeRange]?: R;
}

export const CHANNELS = 4;

/** @throws RangeError when sizes are not positive integers or `data` has another length. */
export function raster<S extends Space>(
  width: number,
  height: number,
  data: Uint8ClampedArray<ArrayBuffer> = new Uint8ClampedArray(checkedArea(width, height) * CHANNELS),
): Raster<S> {
  expectLength('raster', data.length, checkedArea(width, height) * CHANNELS);
  return { width, height, data };
}

/** @throws RangeError when sizes are not positive integers or `data` has another length. */
export function plane<R extends Range>(
  width: number,
  height: number,
  data: Float32Array<ArrayBuffer> = new Float32Array(checkedArea(width, height)),
): Plane<R> {
  expectLength('plane', data.length, checkedArea(width, height));
  return { width, height, data };
}

/**
 * The same memory, one little-endian RGBA word a pixel (red in the lowest byte): much faster than bytes.
 * @throws RangeError when `data` does not begin at a whole word of its buffer
 */
export function wordsOf(picture: Raster<Space>): Uint32Array<ArrayBuffer> {
  const { data, width, height } = picture;
  return new Uint32Array(data.buffer, data.byteOffset, width * height);
}

/** @throws RangeError when the two do not have one size. */
export function expectSameSize(
  a: { readonly width: number; readonly height: number },
  b: { readonly width: number; readonly height: number },
): void {
  if (a.width !== b.width || a.height !== b.height) {
    throw new RangeError(`sizes differ: ${a.width}×${a.height} and ${b.width}×${b.height}`);
  }
}

function checkedArea(width: number, height: number): number {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new RangeError(`a raster needs a whole, positive size, got ${width}×${height}`);
  }
  return width * height;
}

function expectLength(what: string, actual: number, expected: number): void {
  if (actual !== expected)
    throw new RangeError(`${what} data has ${actual} values, its size needs ${expected}`);
}
