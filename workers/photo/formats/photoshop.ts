import { ByteReader, type Bytes, joinBytes } from './bytes';

/** Resources that hold a small copy of the picture, which would show the eyes as they were. */
const THUMBNAILS = [0x0409, 0x040c];

/**
 * Photoshop image resources (captions, IPTC) without their thumbnails. What cannot be parsed is left out.
 * @param payload of an APP13 segment; the resources start at `start`
 */
export function withoutThumbnails(payload: Bytes, start: number): Bytes {
  const reader = new ByteReader(payload);
  const kept: Bytes[] = [payload.subarray(0, start)];
  let at = start;
  while (at + 12 <= reader.length && reader.text(at, 4) === '8BIM') {
    const nameLength = even(1 + reader.u8(at + 6));
    const size = reader.u32(at + 6 + nameLength);
    const end = at + 6 + nameLength + 4 + even(size);
    if (end > even(reader.length)) break;
    if (!THUMBNAILS.includes(reader.u16(at + 4))) kept.push(reader.slice(at, end - at));
    at = end;
  }
  return joinBytes(kept);
}

function even(length: number): number {
  return length + (length % 2);
}
