/** WebP chunks (RFC 9649). */
import { ByteReader, type Bytes, fromLatin1 } from './bytes';
import { withoutMark } from './exifMark';
import type { PictureHeader } from './header';

const MAX_CHUNKS = 100_000;
const FLAG_ANIMATED = 0x02;
const FLAG_ALPHA = 0x10;

export interface RiffChunk {
  readonly type: string;
  readonly start: number;
  readonly data: Bytes;
}

export function riffChunksOf(bytes: Bytes): readonly RiffChunk[] {
  const reader = new ByteReader(bytes);
  const chunks: RiffChunk[] = [];
  let at = 12;
  while (at + 8 <= reader.length && chunks.length < MAX_CHUNKS) {
    const length = reader.u32(at + 4, true);
    chunks.push({ type: reader.text(at, 4), start: at, data: reader.slice(at + 8, length) });
    at += 8 + length + (length % 2);
  }
  return chunks;
}

/** @returns null when neither an extended header nor a picture chunk is there. */
export function webpHeader(bytes: Bytes): PictureHeader | null {
  const chunks = riffChunksOf(bytes);
  const find = (type: string) => chunks.find((chunk) => chunk.type === type);
  const size = sizeOf(chunks);
  if (!size) return null;
  const flags = find('VP8X')?.data[0] ?? 0;
  const exif = find('EXIF');
  const xmp = find('XMP ');
  return {
    format: 'webp',
    ...size,
    bitsPerChannel: 8,
    channels: 'rgb',
    hasAlpha: (flags & FLAG_ALPHA) !== 0 || losslessHasAlpha(find('VP8L')?.data),
    isAnimated: (flags & FLAG_ANIMATED) !== 0,
    isHdr: false,
    codedColours: false,
    jpegQuality: null,
    metadata: {
      exif: exif ? withoutMark(exif.data) : null,
      icc: find('ICCP')?.data ?? null,
      xmp: xmp ? new TextDecoder().decode(xmp.data) : null,
      extra: [],
    },
    // Renamed instead of cut out: the sizes around it stay true.
    hidden: exif ? [{ start: exif.start, end: exif.start + 4, bytes: fromLatin1('SKIP') }] : [],
  };
}

function sizeOf(chunks: readonly RiffChunk[]): { width: number; height: number } | null {
  for (const { type, data } of chunks) {
    const reader = new ByteReader(data);
    if (type === 'VP8X' && data.length >= 10) return { width: reader.u24(4) + 1, height: reader.u24(7) + 1 };
    if (type === 'VP8 ' && data.length >= 10) {
      return { width: reader.u16(6, true) & 0x3fff, height: reader.u16(8, true) & 0x3fff };
    }
    if (type === 'VP8L' && data.length >= 5) {
      const bits = reader.u32(1, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
  }
  return null;
}

function losslessHasAlpha(data: Bytes | undefined): boolean {
  return data !== undefined && ((data[4] ?? 0) & 0x10) !== 0;
}
