/** GIF89a: screen size, XMP (part 3), and whether a second picture follows the first. */
import { ByteReader, type Bytes } from './bytes';
import type { PictureHeader } from './header';

const MAX_BLOCKS = 100_000;
const EXTENSION = 0x21;
const PICTURE = 0x2c;
const GRAPHIC_CONTROL = 0xf9;
const XMP_MARK = '\xff\x0bXMP DataXMP';
/** Leads a reader that takes the packet for sub-blocks to their end. */
const XMP_TRAILER_BYTES = 258;

/** @returns null when the file ends before its first picture. */
export function gifHeader(bytes: Bytes): PictureHeader | null {
  const reader = new ByteReader(bytes);
  let at = 13 + tableBytes(reader.u8(10));
  let pictures = 0;
  const width = reader.u16(6, true);
  const height = reader.u16(8, true);
  let transparent = false;
  let xmp: string | null = null;
  for (let block = 0; block < MAX_BLOCKS && at < reader.length && pictures < 2; block += 1) {
    const kind = reader.u8(at);
    if (kind === PICTURE) {
      pictures += 1;
      // What the first picture leaves free of the screen is transparent.
      if (pictures === 1)
        transparent ||= reader.u16(at + 5, true) < width || reader.u16(at + 7, true) < height;
      at = skipSubBlocks(reader, at + 11 + tableBytes(reader.u8(at + 9)));
    } else if (kind === EXTENSION) {
      transparent ||=
        pictures === 0 && reader.u8(at + 1) === GRAPHIC_CONTROL && (reader.u8(at + 3) & 1) === 1;
      const next = skipSubBlocks(reader, at + 2);
      if (reader.text(at + 1, XMP_MARK.length) === XMP_MARK) {
        const start = at + 1 + XMP_MARK.length;
        xmp = new TextDecoder().decode(reader.slice(start, next - XMP_TRAILER_BYTES - start));
      }
      at = next;
    } else {
      break;
    }
  }
  if (pictures === 0) return null;
  return {
    format: 'gif',
    width,
    height,
    bitsPerChannel: 8,
    channels: 'rgb',
    hasAlpha: transparent,
    isAnimated: pictures > 1,
    isHdr: false,
    codedColours: false,
    jpegQuality: null,
    metadata: { exif: null, icc: null, xmp, extra: [] },
    hidden: [],
  };
}

/** Bytes of the colour table that a packed field announces. */
function tableBytes(packed: number): number {
  return packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0;
}

function skipSubBlocks(reader: ByteReader, start: number): number {
  let at = start;
  while (at < reader.length && reader.u8(at) !== 0) at += reader.u8(at) + 1;
  return at + 1;
}
