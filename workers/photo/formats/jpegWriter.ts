/** Metadata put into a JPEG that the browser encoded. */

import type { SavedMetadata } from '../metadata/savedMetadata';
import { type Bytes, fromLatin1, joinBytes } from './bytes';
import { EXIF_MARK } from './exifMark';
import { ICC_MARK, segmentsOf, XMP_MARK } from './jpegHeader';

/** A segment's length field counts itself: 65 535 with its own two bytes. */
const MAX_PAYLOAD = 65_533;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP13 = 0xed;
const APP15 = 0xef;
const COMMENT = 0xfe;

/** The encoder's own APP segments but JFIF are replaced. What is too long for a segment is left out. */
export function jpegWithMetadata(jpeg: Bytes, metadata: SavedMetadata, keepExtra: boolean): Bytes {
  const own = segmentsOf(jpeg);
  const jfif = own.filter(({ marker }) => marker === APP0);
  const coding = own.filter(({ marker }) => marker < APP0 || marker > APP15);
  const scanAt = own.at(-1)?.end ?? 2;
  const parts = [
    jpeg.subarray(0, 2),
    ...jfif.map(({ start, end }) => jpeg.subarray(start, end)),
    ...(metadata.exif ? segment(APP1, joinBytes([fromLatin1(EXIF_MARK), metadata.exif])) : []),
    ...packetSegment(metadata),
    ...profileSegments(metadata.profile),
    ...(keepExtra ? metadata.extra : []).flatMap(({ kind, bytes }) =>
      segment(kind === 'COM' ? COMMENT : APP13, bytes),
    ),
    ...coding.map(({ start, end }) => jpeg.subarray(start, end)),
    jpeg.subarray(scanAt),
  ];
  return joinBytes(parts);
}

function packetSegment({ xmp, shortXmp }: SavedMetadata): Bytes[] {
  for (const text of [xmp, shortXmp]) {
    if (text === null) continue;
    const packet = joinBytes([fromLatin1(XMP_MARK), new TextEncoder().encode(text)]);
    if (packet.length <= MAX_PAYLOAD) return segment(APP1, packet);
  }
  return [];
}

function segment(marker: number, payload: Bytes): Bytes[] {
  if (payload.length > MAX_PAYLOAD) return [];
  const length = payload.length + 2;
  return [Uint8Array.of(0xff, marker, length >> 8, length & 255), payload];
}

/** ICC.1 annex B.4: numbered chunks, counted from 1. */
function profileSegments(profile: Bytes | null): Bytes[] {
  if (!profile) return [];
  const room = MAX_PAYLOAD - ICC_MARK.length - 2;
  const count = Math.ceil(profile.length / room);
  if (count > 255) return [];
  return Array.from({ length: count }, (_, i) => {
    const part = profile.subarray(i * room, (i + 1) * room);
    return segment(APP2, joinBytes([fromLatin1(ICC_MARK), Uint8Array.of(i + 1, count), part]));
  }).flat();
}
