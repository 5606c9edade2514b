/** The photo as a file: pixels with placed faces, and the metadata that is still true. */

import { AppError } from '../../src/core/errors';
import { rect, type Size } from '../../src/core/geometry';
import { nearQuality, type SavedPhoto, type SaveFormat, type SaveOptions } from '../../src/core/photo';
import type { Raster } from '../../src/core/raster';
import type { Report } from '../../src/engines/contracts';
import type { OpenPhoto } from './album';
import { breather } from './breather';
import { enlargedPhoto } from './enlarged';
import { jpegWithMetadata } from './formats/jpegWriter';
import { writePng } from './formats/pngWriter';
import { webpWithMetadata } from './formats/webpWriter';
import { pngChunks } from './metadata/pngMetadata';
import { savedMetadata } from './metadata/savedMetadata';
import { flatten } from './patch';
import { expectFits } from './refusal';

const STRIP_ROWS = 256;
/** WebP's own limit. Browsers do not refuse a longer picture: they cut it off (Chromium 156). */
const WEBP_LIMIT_SIDE_PX = 16_383;
const EXTENSIONS: Readonly<Record<SaveFormat, string>> = { png: 'png', jpeg: 'jpg', webp: 'webp' };

/**
 * PNG keeps every value exactly. JPEG and WebP are lossy, coded anew by the browser from the raw values, with the
 * photo's own profile; JPEG lays transparency on white.
 * @throws photo-too-large when it cannot be held, by WebP or enlarged
 */
export async function saved(
  photo: OpenPhoto,
  picture: Raster<'photo'>,
  options: SaveOptions,
  signal: AbortSignal,
  report: Report = () => {},
): Promise<SavedPhoto> {
  const breathe = breather(signal);
  const width = picture.width * options.enlarge;
  const height = picture.height * options.enlarge;
  expectFits(width, height, options.format === 'webp' ? WEBP_LIMIT_SIDE_PX : undefined);
  const onRows = async (done: number) => {
    report((0.9 * done) / height);
    await breathe();
  };
  const metadata = savedMetadata({ ...photo, info: { ...photo.info, width, height } }, options);
  const patches = [...photo.patches.values()];
  const enlarged = options.enlarge > 1 ? enlargedPhoto(picture, patches, options.enlarge) : null;
  await breathe();
  const rows = (y: number, count: number) =>
    flatten(enlarged ?? picture, enlarged ? [] : patches, rect(0, y, width, count)).data;
  const name = savedName(photo.info.name, options.format);
  const { hasAlpha } = photo.info;
  if (options.format === 'png') {
    const chunks = pngChunks(photo, metadata, options.record);
    return { blob: await writePng({ width, height, hasAlpha, rows }, chunks, onRows), name };
  }
  const type = `image/${options.format}`;
  const canvas = await painted({ width, height }, rows, hasAlpha, onRows);
  if (options.format === 'jpeg' && hasAlpha) layOnWhite(canvas);
  const quality = options.quality || nearQuality(photo.info.jpegQuality);
  const encoded = await canvas.convertToBlob({ type, quality });
  if (encoded.type !== type) {
    throw new AppError('bad-request', `this browser does not write ${type}`, { format: options.format });
  }
  signal.throwIfAborted();
  const bytes = new Uint8Array(await encoded.arrayBuffer());
  const complete =
    options.format === 'jpeg'
      ? jpegWithMetadata(bytes, metadata, photo.header.format === 'jpeg')
      : webpWithMetadata(bytes, metadata, { width, height });
  return { blob: new Blob([complete], { type }), name };
}

/** `holiday.heic.jpg` → `holiday.heic_eyes-open.jpg` */
function savedName(name: string, format: SaveFormat): string {
  const base = name.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '') || 'photo';
  return `${base}_eyes-open.${EXTENSIONS[format]}`;
}

/** The values as they are on a canvas that takes them for sRGB: encoders then write them unchanged. */
async function painted(
  { width, height }: Size,
  rows: (y: number, count: number) => Uint8ClampedArray<ArrayBuffer>,
  hasAlpha: boolean,
  onRows: (done: number) => Promise<void>,
): Promise<OffscreenCanvas> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: hasAlpha });
  if (!context) throw new AppError('internal', 'no 2D canvas in this browser');
  for (let y = 0; y < height; y += STRIP_ROWS) {
    const count = Math.min(STRIP_ROWS, height - y);
    context.putImageData(new ImageData(rows(y, count), width, count), 0, y);
    await onRows(y + count);
  }
  return canvas;
}

function layOnWhite(canvas: OffscreenCanvas): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
}
