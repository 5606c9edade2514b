/** Metadata put into a WebP that the browser encoded (RFC 9649, extended format). */

import type { SavedMetadata } from '../metadata/savedMetadata';
import { type Bytes, fromLatin1, joinBytes, u32Bytes } from './bytes';
import { riffChunksOf } from './webpHeader';

const FLAG = { icc: 0x20, alpha: 0x10, exif: 0x08, xmp: 0x04 } as const;
const PICTURE_CHUNKS = ['ALPH', 'VP8 ', 'VP8L'];

export function webpWithMetadata(
  webp: Bytes,
  metadata: SavedMetadata,
  size: { readonly width: number; readonly height: number },
): Bytes {
  const chunks = riffChunksOf(webp);
  const hasAlpha =
    chunks.some(({ type }) => type === 'ALPH') ||
    ((chunks.find(({ type }) => type === 'VP8X')?.data[0] ?? 0) & FLAG.alpha) !== 0 ||
    ((chunks.find(({ type }) => type === 'VP8L')?.data[4] ?? 0) & 0x10) !== 0;
  const flags =
    (metadata.xmp ? FLAG.xmp : 0) |
    (hasAlpha ? FLAG.alpha : 0) |
    (metadata.profile ? FLAG.icc : 0) |
    (metadata.exif ? FLAG.exif : 0);
  const body = joinBytes([
    fromLatin1('WEBP'),
    chunk('VP8X', joinBytes([u32Bytes(flags, true), u24Bytes(size.width - 1), u24Bytes(size.height - 1)])),
    ...(metadata.profile ? [chunk('ICCP', metadata.profile)] : []),
    ...chunks.filter(({ type }) => PICTURE_CHUNKS.includes(type)).map(({ type, data }) => chunk(type, data)),
    ...(metadata.exif ? [chunk('EXIF', metadata.exif)] : []),
    ...(metadata.xmp ? [chunk('XMP ', new TextEncoder().encode(metadata.xmp))] : []),
  ]);
  return joinBytes([fromLatin1('RIFF'), u32Bytes(body.length, true), body]);
}

function chunk(type: string, data: Bytes): Bytes {
  return joinBytes([fromLatin1(type), u32Bytes(data.length, true), data, new Uint8Array(data.length % 2)]);
}

function u24Bytes(value: number): Bytes {
  return Uint8Array.of(value & 255, (value >> 8) & 255, value >> 16);
}
