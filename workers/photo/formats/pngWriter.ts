/** PNG of 8-bit RGB or RGBA, row by row: exact, also for transparent pixels, which canvases are not. */
import type { Bytes } from './bytes';
import { type PngChunk, type PngSize, pngFile } from './pngFile';
import { filterRows } from './pngFilter';
import { deflater } from './zlib';

export interface PngPicture extends PngSize {
  /** RGBA of `count` rows from `y` on. */
  readonly rows: (y: number, count: number) => Uint8ClampedArray<ArrayBuffer>;
}

const BLOCK_ROWS = 64;

/**
 * @param chunks between header and pixels, in order
 * @param onRows called after every block of rows with the rows done; may throw to stop
 */
export async function writePng(
  picture: PngPicture,
  chunks: readonly PngChunk[],
  onRows: (done: number) => Promise<void> = async () => {},
): Promise<Blob> {
  const { width, height, hasAlpha } = picture;
  const channels = hasAlpha ? 4 : 3;
  const packed: Bytes[] = [];
  const push = deflater((part) => packed.push(part));
  let above: Bytes = new Uint8Array(width * channels);
  for (let y = 0; y < height; y += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, height - y);
    const block = packChannels(picture.rows(y, count), channels);
    push(filterRows(block, above, channels), y + count === height);
    above = block.subarray(block.length - width * channels);
    await onRows(y + count);
  }
  return pngFile(picture, chunks, packed);
}

function packChannels(rgba: Uint8ClampedArray<ArrayBuffer>, channels: number): Bytes {
  if (channels === 4) return new Uint8Array(rgba.buffer, rgba.byteOffset, rgba.length);
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from]!;
    rgb[to + 1] = rgba[from + 1]!;
    rgb[to + 2] = rgba[from + 2]!;
  }
  return rgb;
}
