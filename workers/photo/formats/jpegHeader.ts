/** JPEG segments up to the first scan (ITU T.81 annex B, Exif 2.32, XMP part 3, ICC.1 annex B.4). */
import { ByteReader, type Bytes, joinBytes, NO_BYTES, startsWith } from './bytes';
import { EXIF_MARK, withoutMark } from './exifMark';
import type { ExtraPart, PictureHeader } from './header';
import { jpegQualityOf } from './jpegQuality';
import { withoutThumbnails } from './photoshop';

export const XMP_MARK = 'http://ns.adobe.com/xap/1.0/\0';
export const ICC_MARK = 'ICC_PROFILE\0';
const PHOTOSHOP_MARK = 'Photoshop 3.0\0';
const MAX_SEGMENTS = 4096;

export interface Segment {
  /** Second byte of the marker, e.g. 0xe1 for APP1. */
  readonly marker: number;
  /** Of the 0xff. */
  readonly start: number;
  readonly end: number;
  /** After the length field. */
  readonly payload: Bytes;
}

/** Segments before the image data, in order. Stops at the first scan or at the end. */
export function segmentsOf(bytes: Bytes): readonly Segment[] {
  const reader = new ByteReader(bytes);
  const segments: Segment[] = [];
  let at = 2;
  while (at + 4 <= reader.length && segments.length < MAX_SEGMENTS) {
    // Decoders step over stray bytes too.
    if (reader.u8(at) !== 0xff) {
      at += 1;
      continue;
    }
    const marker = reader.u8(at + 1);
    // Fill bytes, and markers without a body.
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    const length = reader.u16(at + 2);
    if (marker === 0xda || marker === 0xd9 || length < 2) break;
    const end = at + 2 + length;
    segments.push({ marker, start: at, end, payload: reader.slice(at + 4, length - 2) });
    at = end;
  }
  return segments;
}

/** @returns null when there is no frame header: nothing can be decoded. */
export function jpegHeader(bytes: Bytes): PictureHeader | null {
  const segments = segmentsOf(bytes);
  const frame = segments.find(({ marker }) => isFrame(marker));
  if (!frame || frame.payload.length < 6) return null;
  const size = new ByteReader(frame.payload);
  const components = size.u8(5);
  const app = (marker: number, mark: string) =>
    segments.filter((segment) => segment.marker === marker && startsWith(segment.payload, mark));
  const exif = app(0xe1, EXIF_MARK);
  const xmp = app(0xe1, XMP_MARK)[0]?.payload.subarray(XMP_MARK.length);
  const text = xmp ? new TextDecoder().decode(xmp) : null;
  return {
    format: 'jpeg',
    width: size.u16(3),
    height: size.u16(1),
    bitsPerChannel: size.u8(0),
    channels: components === 1 ? 'grey' : components === 4 ? 'cmyk' : 'rgb',
    hasAlpha: false,
    isAnimated: false,
    isHdr: text !== null && /hdrgm:Version|HDRGainMap/.test(text),
    codedColours: false,
    jpegQuality: jpegQualityOf(
      segments.filter(({ marker }) => marker === 0xdb).map(({ payload }) => payload),
    ),
    metadata: {
      exif: exif[0] ? withoutMark(exif[0].payload) : null,
      icc: iccOf(app(0xe2, ICC_MARK)),
      xmp: text,
      extra: extraOf(segments),
    },
    hidden: exif.map(({ start, end }) => ({ start, end, bytes: NO_BYTES })),
  };
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** The profile's chunks in the order of their numbers; null when one is missing. */
function iccOf(segments: readonly Segment[]): Bytes | null {
  if (segments.length === 0) return null;
  const at = ICC_MARK.length;
  const chunks = new Map(segments.map(({ payload }) => [payload[at] ?? 0, payload.subarray(at + 2)]));
  const count = segments[0]!.payload[at + 1] ?? 0;
  const ordered = Array.from({ length: count }, (_, i) => chunks.get(i + 1));
  return ordered.length > 0 && ordered.every((chunk) => chunk !== undefined) ? joinBytes(ordered) : null;
}

function extraOf(segments: readonly Segment[]): ExtraPart[] {
  return segments.flatMap(({ marker, payload }) => {
    if (marker === 0xfe) return [{ kind: 'COM', bytes: payload }];
    if (marker !== 0xed || !startsWith(payload, PHOTOSHOP_MARK)) return [];
    return [{ kind: 'APP13', bytes: withoutThumbnails(payload, PHOTOSHOP_MARK.length) }];
  });
}
