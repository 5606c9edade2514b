/** What the app wants to know of EXIF, and EXIF made true for a picture that was turned upright and changed. */
import type { Orientation } from '../../../src/pixels/upright';
import type { Bytes } from '../formats/bytes';
import {
  type Directory,
  directoryAt,
  entryOf,
  numberOf,
  overwrite,
  parseTiff,
  pointedAt,
  type Tiff,
  textOf,
} from './tiff';

const TAG = {
  imageWidth: 0x0100,
  imageLength: 0x0101,
  orientation: 0x0112,
  dateTime: 0x0132,
  thumbnailAt: 0x0201,
  thumbnailBytes: 0x0202,
  exifDirectory: 0x8769,
  gpsDirectory: 0x8825,
  dateTimeOriginal: 0x9003,
  offsetTimeOriginal: 0x9011,
  subSecTimeOriginal: 0x9291,
  pixelXDimension: 0xa002,
  pixelYDimension: 0xa003,
} as const;

export interface ExifFacts {
  readonly orientation: Orientation;
  readonly hasGps: boolean;
  /** ISO 8601, local time of the camera, with offset where the file tells one. */
  readonly takenAt: string | null;
}

const NOTHING: ExifFacts = { orientation: 1, hasGps: false, takenAt: null };

/** Never throws: what cannot be read is not there. */
export function readExif(bytes: Bytes | null): ExifFacts {
  const tiff = bytes && parseTiff(bytes);
  if (!tiff) return NOTHING;
  const orientation = numberOf(tiff, entryOf(tiff.main, TAG.orientation)) ?? 1;
  return {
    orientation: (orientation >= 1 && orientation <= 8 ? orientation : 1) as Orientation,
    hasGps: entryOf(tiff.main, TAG.gpsDirectory) !== null,
    takenAt: takenAt(tiff),
  };
}

function takenAt(tiff: Tiff): string | null {
  const exif = pointedAt(tiff, TAG.exifDirectory);
  const text =
    textOf(tiff, entryOf(exif, TAG.dateTimeOriginal)) ?? textOf(tiff, entryOf(tiff.main, TAG.dateTime));
  const match = text?.match(/^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/);
  if (!match || match[1] === '0000') return null;
  const fraction = textOf(tiff, entryOf(exif, TAG.subSecTimeOriginal))?.match(/^\d{1,6}/)?.[0];
  const offset = textOf(tiff, entryOf(exif, TAG.offsetTimeOriginal))?.match(/^[+-]\d\d:\d\d/)?.[0];
  return `${match[1]}-${match[2]}-${match[3]}T${match[4]}${fraction ? `.${fraction}` : ''}${offset ?? ''}`;
}

/**
 * A copy with orientation 1, the new size, no embedded thumbnail (it would show the eyes as they were) and,
 * unless it is to be kept, no position. Everything else keeps its place, maker notes included.
 * @returns null when the block is not readable: it is dropped.
 */
export function cleanExif(
  bytes: Bytes,
  size: { readonly width: number; readonly height: number },
  keepGps: boolean,
): Bytes | null {
  const tiff = parseTiff(bytes);
  if (!tiff) return null;
  const target = bytes.slice();
  const exif = pointedAt(tiff, TAG.exifDirectory);
  overwrite(tiff, target, entryOf(tiff.main, TAG.orientation), 1);
  overwrite(tiff, target, entryOf(tiff.main, TAG.imageWidth), size.width);
  overwrite(tiff, target, entryOf(tiff.main, TAG.imageLength), size.height);
  overwrite(tiff, target, entryOf(exif, TAG.pixelXDimension), size.width);
  overwrite(tiff, target, entryOf(exif, TAG.pixelYDimension), size.height);
  const shortened = dropThumbnail(tiff, target);
  if (!keepGps) dropGps(tiff, target);
  return shortened;
}

/** Unlinks and blanks the second directory with its picture; cuts them off when they come last, as is usual. */
function dropThumbnail(tiff: Tiff, target: Bytes): Bytes {
  const { reader, little, main } = tiff;
  const at = reader.u32(main.nextAt, little);
  const second = at > 0 ? directoryAt(reader, little, at) : null;
  target.fill(0, main.nextAt, main.nextAt + 4);
  if (!second) return target;
  const start = numberOf(tiff, entryOf(second, TAG.thumbnailAt)) ?? 0;
  const length = numberOf(tiff, entryOf(second, TAG.thumbnailBytes)) ?? 0;
  blankDirectory(target, second, main);
  if (start <= main.nextAt) return target;
  target.fill(0, start, start + length);
  const usedUpTo = lastUsed(tiff);
  return start + length >= target.length - 16 && start >= usedUpTo ? target.subarray(0, start) : target;
}

/** The end of everything that the kept directories point at. */
function lastUsed(tiff: Tiff): number {
  const directories = [tiff.main, pointedAt(tiff, TAG.exifDirectory), pointedAt(tiff, TAG.gpsDirectory)];
  const ends = directories.flatMap((directory) =>
    directory
      ? [directory.nextAt + 4, ...directory.entries.map(({ valueAt, valueBytes }) => valueAt + valueBytes)]
      : [],
  );
  return Math.max(...ends);
}

/** Takes the pointer out of the first directory, moves the later entries up and blanks the position itself. */
function dropGps(tiff: Tiff, target: Bytes): void {
  const entry = entryOf(tiff.main, TAG.gpsDirectory);
  if (!entry) return;
  const gps = pointedAt(tiff, TAG.gpsDirectory);
  if (gps) blankDirectory(target, gps, tiff.main);
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  // Entries behind the pointer and the offset of the next directory, which is 0 by now.
  target.copyWithin(entry.at, entry.at + 12, tiff.main.nextAt + 4);
  view.setUint16(tiff.main.at, view.getUint16(tiff.main.at, tiff.little) - 1, tiff.little);
}

/** Overwrites a directory and its values with zeros, but never the first directory, whatever the offsets claim. */
function blankDirectory(target: Bytes, directory: Directory, main: Directory): void {
  const blank = (from: number, to: number) => {
    if (to <= main.at) target.fill(0, Math.max(from, 8), to);
    else target.fill(0, Math.max(from, main.nextAt + 4), Math.max(to, main.nextAt + 4));
  };
  for (const { valueAt, valueBytes } of directory.entries) blank(valueAt, valueAt + valueBytes);
  blank(directory.at, directory.nextAt + 4);
}
