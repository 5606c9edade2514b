/** The tag directories of an EXIF block (TIFF 6.0), read and changed in place so that maker notes keep their offsets. */
import { ByteReader, type Bytes, latin1 } from '../formats/bytes';

export interface TiffEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Of the 12-byte entry itself. */
  readonly at: number;
  /** Where the value lies: in the entry when it fits 4 bytes, elsewhere otherwise. */
  readonly valueAt: number;
  readonly valueBytes: number;
}

export interface Directory {
  readonly at: number;
  readonly entries: readonly TiffEntry[];
  /** Where the offset of the next directory is written. */
  readonly nextAt: number;
}

export interface Tiff {
  readonly reader: ByteReader;
  readonly little: boolean;
  readonly main: Directory;
}

/** Bytes of one value of each TIFF type, 0 for types that do not exist. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
const MAX_ENTRIES = 1000;
const SHORT = 3;
const LONG = 4;

/** @returns null for anything that is not a TIFF structure with a readable first directory. */
export function parseTiff(bytes: Bytes): Tiff | null {
  const reader = new ByteReader(bytes);
  const order = reader.text(0, 2);
  if (order !== 'II' && order !== 'MM') return null;
  const little = order === 'II';
  if (reader.u16(2, little) !== 42) return null;
  const main = directoryAt(reader, little, reader.u32(4, little));
  return main ? { reader, little, main } : null;
}

export function directoryAt(reader: ByteReader, little: boolean, at: number): Directory | null {
  const count = reader.u16(at, little);
  const nextAt = at + 2 + 12 * count;
  if (at < 8 || count === 0 || count > MAX_ENTRIES || nextAt > reader.length) return null;
  const entries: TiffEntry[] = [];
  for (let i = 0; i < count; i += 1) {
    const entryAt = at + 2 + 12 * i;
    const type = reader.u16(entryAt + 2, little);
    const values = reader.u32(entryAt + 4, little);
    const valueBytes = (TYPE_BYTES[type] ?? 0) * values;
    const valueAt = valueBytes <= 4 ? entryAt + 8 : reader.u32(entryAt + 8, little);
    if (valueAt + valueBytes > reader.length) continue;
    entries.push({
      tag: reader.u16(entryAt, little),
      type,
      count: values,
      at: entryAt,
      valueAt,
      valueBytes,
    });
  }
  return { at, entries, nextAt };
}

export function entryOf(directory: Directory | null, tag: number): TiffEntry | null {
  return directory?.entries.find((entry) => entry.tag === tag) ?? null;
}

/** First value of a SHORT or LONG entry. */
export function numberOf({ reader, little }: Tiff, entry: TiffEntry | null): number | null {
  if (!entry || entry.count < 1) return null;
  if (entry.type === SHORT) return reader.u16(entry.valueAt, little);
  return entry.type === LONG ? reader.u32(entry.valueAt, little) : null;
}

/** An ASCII entry without its closing zero. */
export function textOf({ reader }: Tiff, entry: TiffEntry | null): string | null {
  if (entry?.type !== 2) return null;
  return latin1(reader.slice(entry.valueAt, Math.min(entry.valueBytes, 1024))).replace(/\0.*$/s, '');
}

/** The directory that a LONG entry points at. */
export function pointedAt(tiff: Tiff, tag: number): Directory | null {
  const at = numberOf(tiff, entryOf(tiff.main, tag));
  return at === null ? null : directoryAt(tiff.reader, tiff.little, at);
}

/** Writes a number over the value that `numberOf` reads, in `target`, a copy of the structure's bytes. */
export function overwrite(tiff: Tiff, target: Bytes, entry: TiffEntry | null, value: number): void {
  if (!entry || entry.count < 1) return;
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  if (entry.type === SHORT && value <= 0xffff) view.setUint16(entry.valueAt, value, tiff.little);
  if (entry.type === LONG) view.setUint32(entry.valueAt, value, tiff.little);
}
