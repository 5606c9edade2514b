/** From the file's bytes to upright RGBA: as coded in the file, where its profile is one of RGB. The browser decodes; nothing it does is lossy here. */
import type { PictureFormat } from '../../src/core/photo';
import { type Raster, raster } from '../../src/core/raster';
import { isSideways, layUpright, type Orientation } from '../../src/pixels/upright';
import { breather } from './breather';
import { type ColourRoad, colourRoadOf } from './colour';
import type { Edit } from './formats/bytes';
import type { PictureHeader } from './formats/header';
import { readExif } from './metadata/exif';
import { expectFits, unreadable } from './refusal';
import { frameWords, opaqueRows, straightRows } from './rows';

/** Rows read from the bitmap at once: a few MB at most. */
const STRIP_ROWS = 256;
/** A cut-off JPEG is opened when at least this share of its rows is there. */
const LEAST_DECODED_SHARE = 0.25;
const END_OF_IMAGE = Uint8Array.of(0xff, 0xd9);

export interface DecodedPicture {
  readonly pixels: Raster<'photo'>;
  readonly road: ColourRoad;
  readonly isDamaged: boolean;
}

/** @throws photo-unreadable ('damaged'), photo-too-large when the picture is larger than its header said. */
export async function decode(
  file: Blob,
  header: PictureHeader,
  signal: AbortSignal,
): Promise<DecodedPicture> {
  const road = colourRoadOf(header);
  const { bitmap, isDamaged } = await bitmapOf(file, header, road);
  try {
    signal.throwIfAborted();
    expectFits(bitmap.width, bitmap.height);
    // AVIF is turned by boxes of its own, which the decoder obeys; its EXIF tag is only a note.
    const orientation = header.format === 'avif' ? 1 : readExif(header.metadata.exif).orientation;
    return { pixels: await readUpright(bitmap, orientation, header, road, signal), road, isDamaged };
  } finally {
    bitmap.close();
  }
}

async function bitmapOf(
  file: Blob,
  header: PictureHeader,
  road: ColourRoad,
): Promise<{ bitmap: ImageBitmap; isDamaged: boolean }> {
  const visible = withEdits(file, header.hidden, header.format);
  const options: ImageBitmapOptions = {
    colorSpaceConversion: road === 'raw' ? 'none' : 'default',
    premultiplyAlpha: 'none',
  };
  try {
    return { bitmap: await createImageBitmap(visible, options), isDamaged: false };
  } catch (cause) {
    await expectThere(file);
    if (header.format !== 'jpeg') throw unreadable('damaged', cause);
  }
  // The decoder refuses a JPEG that stops early, but fills in the rest of one that says it ends.
  try {
    const bitmap = await createImageBitmap(new Blob([visible, END_OF_IMAGE]), options);
    if (decodedShare(bitmap) >= LEAST_DECODED_SHARE) return { bitmap, isDamaged: true };
    bitmap.close();
  } catch (cause) {
    throw unreadable('damaged', cause);
  }
  throw unreadable('damaged');
}

/** @throws photo-unreadable ('gone') when the file was moved or changed since it was chosen. */
async function expectThere(file: Blob): Promise<void> {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch (cause) {
    throw unreadable('gone', cause);
  }
}

/** The file as the decoder is to see it. */
function withEdits(file: Blob, edits: readonly Edit[], format: PictureFormat): Blob {
  const parts: BlobPart[] = [];
  let at = 0;
  for (const { start, end, bytes } of edits) {
    parts.push(file.slice(at, start), bytes);
    at = end;
  }
  parts.push(file.slice(at));
  return new Blob(parts, { type: `image/${format}` });
}

async function readUpright(
  bitmap: ImageBitmap,
  orientation: Orientation,
  header: PictureHeader,
  road: ColourRoad,
  signal: AbortSignal,
): Promise<Raster<'photo'>> {
  const { width, height } = bitmap;
  const sideways = isSideways(orientation);
  const size = { width: sideways ? height : width, height: sideways ? width : height };
  // AVIF may be turned by the decoder, which frames undo.
  const isPlain = !header.hasAlpha && road === 'raw' && header.format !== 'avif';
  const words = isPlain ? await frameWords(bitmap) : null;
  if (words && orientation === 1) return raster(size.width, size.height, new Uint8ClampedArray(words.buffer));
  const pixels = raster<'photo'>(size.width, size.height);
  const target = new Uint32Array(pixels.data.buffer);
  if (words) layUpright(words, 0, bitmap, orientation, target);
  else await readStrips(bitmap, orientation, header, road, target, signal);
  return pixels;
}

async function readStrips(
  bitmap: ImageBitmap,
  orientation: Orientation,
  { hasAlpha }: PictureHeader,
  road: ColourRoad,
  target: Uint32Array,
  signal: AbortSignal,
): Promise<void> {
  const { height } = bitmap;
  const open = hasAlpha ? straightRows : opaqueRows;
  const reader = open(bitmap, road === 'p3' ? 'display-p3' : 'srgb', Math.min(STRIP_ROWS, height));
  const breathe = breather(signal);
  try {
    for (let y = 0; y < height; y += STRIP_ROWS) {
      layUpright(reader.read(y, Math.min(STRIP_ROWS, height - y)), y, bitmap, orientation, target);
      await breathe();
    }
  } finally {
    reader.close();
  }
}

/** What a JPEG decoder could not read has the colour of the last block it read, down to the last pixel. */
function decodedShare(bitmap: ImageBitmap): number {
  const samples = 64;
  const context = new OffscreenCanvas(samples, bitmap.height).getContext('2d', { willReadFrequently: true });
  if (!context) return 0;
  context.imageSmoothingEnabled = false;
  context.drawImage(bitmap, 0, 0, samples, bitmap.height);
  const words = new Uint32Array(context.getImageData(0, 0, samples, bitmap.height).data.buffer);
  const fill = words[words.length - 1];
  const lastReal = words.findLastIndex((word) => word !== fill);
  return Math.floor(lastReal / samples + 1) / bitmap.height;
}
