/** Chunks put together to a PNG file. */
import { type Bytes, fromLatin1, joinBytes, u32Bytes } from './bytes';
import { crc32 } from './crc32';

export interface PngChunk {
  readonly type: string;
  readonly data: Bytes;
}

export interface PngSize {
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
}

const SIGNATURE = fromLatin1('\x89PNG\r\n\x1a\n');
const RGB = 2;
const RGB_ALPHA = 6;

/** 8 bits a channel. @param chunks between header and pixels, in order @param packed zlib data of the filtered rows */
export function pngFile(size: PngSize, chunks: readonly PngChunk[], packed: readonly Bytes[]): Blob {
  const all: readonly PngChunk[] = [
    { type: 'IHDR', data: headerOf(size) },
    ...chunks,
    ...packed.map((data) => ({ type: 'IDAT', data })),
    { type: 'IEND', data: new Uint8Array(0) },
  ];
  return new Blob([SIGNATURE, ...all.flatMap(chunkParts)], { type: 'image/png' });
}

/** `tEXt` where Latin-1 is enough, else `iTXt`. Keywords: 1 to 79 characters of ASCII. */
export function textChunk(keyword: string, text: string): PngChunk {
  const key = keyword.replace(/[^\x20-\x7e]/g, '').slice(0, 79) || 'Comment';
  if (/^[\n\x20-\x7e\xa1-\xff]*$/.test(text)) {
    return { type: 'tEXt', data: fromLatin1(`${key}\0${text}`) };
  }
  return unicodeChunk(key, text);
}

/** `iTXt`: not compressed, no language, no translated keyword. */
export function unicodeChunk(keyword: string, text: string): PngChunk {
  return {
    type: 'iTXt',
    data: joinBytes([fromLatin1(`${keyword}\0\0\0\0\0`), new TextEncoder().encode(text)]),
  };
}

function headerOf({ width, height, hasAlpha }: PngSize): Bytes {
  const shape = Uint8Array.of(8, hasAlpha ? RGB_ALPHA : RGB, 0, 0, 0);
  return joinBytes([u32Bytes(width), u32Bytes(height), shape]);
}

function chunkParts({ type, data }: PngChunk): Bytes[] {
  const name = fromLatin1(type);
  return [u32Bytes(data.length), name, data, u32Bytes(crc32(data, crc32(name)))];
}
