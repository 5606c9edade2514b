import type { Raster } from '../../../src/core/raster';
import { type Bytes, u32Bytes } from './bytes';
import { type PngChunk, pngFile } from './pngFile';

/** Longest run that a stored deflate block can hold. */
const BLOCK_BYTES = 65_535;
const ADLER_MODULUS = 65_521;
/** So many bytes can be added before the sums outgrow 32 bits (zlib's NMAX). */
const ADLER_RUN = 5552;

/** A PNG that is not compressed: quick to write and to read, for pictures that are decoded at once. */
export function storedPng(picture: Raster<'view'>, chunks: readonly PngChunk[]): Blob {
  const { width, height, data } = picture;
  const stride = 1 + width * 4;
  const raw = new Uint8Array(stride * height);
  for (let y = 0; y < height; y += 1)
    raw.set(data.subarray(y * width * 4, (y + 1) * width * 4), y * stride + 1);
  return pngFile({ width, height, hasAlpha: true }, chunks, [stored(raw)]);
}

/** zlib stream of stored blocks (RFC 1950, RFC 1951 3.2.4). */
function stored(raw: Bytes): Bytes {
  const blocks = Math.max(1, Math.ceil(raw.length / BLOCK_BYTES));
  const out = new Uint8Array(2 + raw.length + 5 * blocks + 4);
  out.set([0x78, 0x01]);
  let at = 2;
  for (let block = 0; block < blocks; block += 1) {
    const part = raw.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES);
    const { length } = part;
    out.set(
      [block === blocks - 1 ? 1 : 0, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255],
      at,
    );
    out.set(part, at + 5);
    at += 5 + length;
  }
  out.set(u32Bytes(adler32(raw)), at);
  return out;
}

function adler32(bytes: Bytes): number {
  let low = 1;
  let high = 0;
  for (let start = 0; start < bytes.length; start += ADLER_RUN) {
    const end = Math.min(start + ADLER_RUN, bytes.length);
    for (let i = start; i < end; i += 1) {
      low += bytes[i]!;
      high += low;
    }
    low %= ADLER_MODULUS;
    high %= ADLER_MODULUS;
  }
  return ((high << 16) | low) >>> 0;
}
