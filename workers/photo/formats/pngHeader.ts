/** PNG chunks (W3C PNG third edition), the pixels' own left out. */
import { ByteReader, type Bytes, latin1, NO_BYTES } from './bytes';
import { withoutMark } from './exifMark';
import type { ExtraPart, PictureHeader } from './header';
import { hasCodedColours } from './pngColours';
import { inflate } from './zlib';

export const XMP_KEYWORD = 'XML:com.adobe.xmp';
/** Copied when a PNG is saved as PNG. Not the text chunks that hide EXIF or XMP, nor the time of the last change. */
const KEPT_CHUNKS = ['gAMA', 'cHRM', 'sRGB', 'cICP', 'pHYs', 'tEXt', 'zTXt', 'iTXt'];
const MAX_CHUNKS = 100_000;
const GREY = 0;
const PALETTE = 3;
const GREY_ALPHA = 4;
const RGB_ALPHA = 6;
/** Code points of H.273: PQ and HLG transfer. */
const HDR_TRANSFERS = [16, 18];

interface Chunk {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly data: Bytes;
}

/** @returns null when the header chunk is missing or makes no sense. */
export function pngHeader(bytes: Bytes): PictureHeader | null {
  const chunks = chunksOf(bytes);
  const first = chunks[0];
  if (first?.type !== 'IHDR' || first.data.length < 13) return null;
  const header = new ByteReader(first.data);
  const colourType = header.u8(9);
  const find = (type: string) => chunks.find((chunk) => chunk.type === type)?.data ?? null;
  const coded = find('cICP');
  const exif = find('eXIf');
  const icc = profileOf(find('iCCP'));
  return {
    format: 'png',
    width: header.u32(0),
    height: header.u32(4),
    bitsPerChannel: colourType === PALETTE ? 8 : header.u8(8),
    channels: colourType === GREY || colourType === GREY_ALPHA ? 'grey' : 'rgb',
    hasAlpha: colourType === GREY_ALPHA || colourType === RGB_ALPHA || find('tRNS') !== null,
    isAnimated: find('acTL') !== null,
    isHdr: coded !== null && HDR_TRANSFERS.includes(coded[1] ?? 0),
    codedColours: hasCodedColours(find, icc !== null),
    jpegQuality: null,
    metadata: {
      exif: exif && withoutMark(exif),
      icc,
      xmp: chunks.map(packetOf).find((packet) => packet !== null) ?? null,
      extra: chunks.filter(isKept).map(({ type, data }): ExtraPart => ({ kind: type, bytes: data })),
    },
    hidden: chunks
      .filter(({ type }) => type === 'eXIf')
      .map(({ start, end }) => ({ start, end, bytes: NO_BYTES })),
  };
}

function chunksOf(bytes: Bytes): readonly Chunk[] {
  const reader = new ByteReader(bytes);
  const chunks: Chunk[] = [];
  let at = 8;
  while (at + 12 <= reader.length && chunks.length < MAX_CHUNKS) {
    const length = reader.u32(at);
    const type = reader.text(at + 4, 4);
    const end = at + 12 + length;
    if (end > reader.length || type === 'IEND') break;
    if (type !== 'IDAT' && type !== 'fdAT') {
      chunks.push({ type, start: at, end, data: reader.slice(at + 8, length) });
    }
    at = end;
  }
  return chunks;
}

/** iCCP: name, 0, method, zlib data. */
function profileOf(data: Bytes | null): Bytes | null {
  const end = data?.indexOf(0) ?? -1;
  return data && end >= 0 ? inflate(data.subarray(end + 2)) : null;
}

/** iTXt: keyword, 0, compressed?, method, language, 0, translated keyword, 0, UTF-8 text. */
function packetOf({ type, data }: Chunk): string | null {
  if (type !== 'iTXt' || keywordOf(data) !== XMP_KEYWORD) return null;
  const flags = XMP_KEYWORD.length + 1;
  const language = data.indexOf(0, flags + 2);
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
  if (translated < 0) return null;
  const text = data.subarray(translated + 1);
  const plain = data[flags] === 1 ? inflate(text) : text;
  return plain ? new TextDecoder().decode(plain) : null;
}

function isKept({ type, data }: Chunk): boolean {
  if (!KEPT_CHUNKS.includes(type)) return false;
  if (!type.endsWith('Xt')) return true;
  const keyword = keywordOf(data);
  return keyword !== XMP_KEYWORD && !keyword.startsWith('Raw profile type');
}

/** ImageMagick writes each EXIF value into a text chunk of its own, `exif:GPSLatitude` among them. */
export function tellsPlace({ kind, bytes }: ExtraPart): boolean {
  return kind.endsWith('Xt') && /gps/i.test(keywordOf(bytes));
}

export function keywordOf(data: Bytes): string {
  const end = data.indexOf(0);
  return latin1(data.subarray(0, Math.min(end < 0 ? data.length : end, 79)));
}
