/** Boxes of ISO base media files, and items by their location table (ISO/IEC 14496-12, 8.11). */
import { ByteReader, type Bytes, joinBytes, NO_BYTES } from './bytes';

export interface Box {
  readonly type: string;
  readonly data: Bytes;
}

const MAX_BOXES = 4096;
const MAX_ITEM_BYTES = 8 * 1024 * 1024;

/** Boxes that lie side by side in `bytes`; stops at the first that does not fit. */
export function boxesOf(bytes: Bytes): readonly Box[] {
  const reader = new ByteReader(bytes);
  const boxes: Box[] = [];
  let at = 0;
  while (at + 8 <= reader.length && boxes.length < MAX_BOXES) {
    const short = reader.u32(at);
    const long = short === 1;
    const head = long ? 16 : 8;
    const length = long ? reader.u32(at + 8) * 2 ** 32 + reader.u32(at + 12) : short || reader.length - at;
    if (length < head) break;
    boxes.push({ type: reader.text(at + 4, 4), data: reader.slice(at + head, length - head) });
    at += length;
  }
  return boxes;
}

/** The bytes of the first item of a type (`Exif`; `mime` is XMP here), null when there is none. */
export function itemBytes(file: Bytes, meta: readonly Box[], type: 'Exif' | 'mime'): Bytes | null {
  const id = itemIdOf(meta, type);
  const locations = meta.find((box) => box.type === 'iloc');
  if (id === null || !locations) return null;
  const data = meta.find((box) => box.type === 'idat')?.data ?? NO_BYTES;
  const parts: Bytes[] = [];
  let total = 0;
  for (const { offset, length, inData } of extentsOf(locations.data, id)) {
    const part = new ByteReader(inData ? data : file).slice(offset, length);
    total += part.length;
    // Extents may name the same bytes over and over.
    if (total > MAX_ITEM_BYTES) return null;
    parts.push(part);
  }
  return total > 0 ? joinBytes(parts) : null;
}

function itemIdOf(meta: readonly Box[], type: string): number | null {
  const info = meta.find((box) => box.type === 'iinf');
  if (!info) return null;
  const entries = boxesOf(info.data.subarray(info.data[0] === 0 ? 6 : 8));
  for (const { type: kind, data } of entries) {
    const reader = new ByteReader(data);
    const version = reader.u8(0);
    if (kind !== 'infe' || version < 2) continue;
    const wide = version === 2 ? 2 : 4;
    if (reader.text(4 + wide + 2, 4) !== type) continue;
    if (type === 'mime' && !reader.text(4 + wide + 6, 64).includes('rdf+xml')) continue;
    return wide === 2 ? reader.u16(4) : reader.u32(4);
  }
  return null;
}

interface Extent {
  readonly offset: number;
  readonly length: number;
  /** In the meta box's own data instead of the file. */
  readonly inData: boolean;
}

function extentsOf(location: Bytes, wanted: number): Extent[] {
  const reader = new ByteReader(location);
  const version = reader.u8(0);
  const offsetSize = reader.u8(4) >> 4;
  const lengthSize = reader.u8(4) & 15;
  const baseSize = reader.u8(5) >> 4;
  const indexSize = version > 0 ? reader.u8(5) & 15 : 0;
  let at = 6;
  const next = (size: number) => {
    let value = 0;
    for (let i = 0; i < size; i += 1) value = value * 256 + reader.u8(at + i);
    at += size;
    return value;
  };
  const step = indexSize + offsetSize + lengthSize;
  const count = next(version < 2 ? 2 : 4);
  for (let item = 0; item < count && at < reader.length; item += 1) {
    const id = next(version < 2 ? 2 : 4);
    const inData = version > 0 && (next(2) & 15) === 1;
    at += 2;
    const base = next(baseSize);
    const extentCount = next(2);
    if (id !== wanted) {
      at += extentCount * step;
      continue;
    }
    const extents: Extent[] = [];
    // Extents without a size say nothing, however many there claim to be.
    for (let i = 0; i < extentCount && step > 0 && at < reader.length; i += 1) {
      at += indexSize;
      extents.push({ offset: base + next(offsetSize), length: next(lengthSize), inData });
    }
    return extents;
  }
  return [];
}
