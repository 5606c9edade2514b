/** The photo as it was with everything that was measured drawn on it, as a file. Loaded on demand. */
import type { Config } from '../../core/config';
import { AppError } from '../../core/errors';
import type { Face } from '../../core/face';
import { compose, invert, rect, scaleOf, scaling } from '../../core/geometry';
import type { PhotoInfo, PhotoView } from '../../core/photo';
import { clamp } from '../../core/units';
import type { PhotoEngine } from '../../engines/contracts';
import { drawOverlay } from './drawOverlay';
import { themePalette } from './palette';

/** Longest side of the saved picture. */
const MOST_SIDE_PX = 4096;
/** A px of the page is this share of the picture's longest side at most: what a large window shows. */
const PAGE_SIDE_PX = 900;
/** A face box so wide, in px of the page, has room for all its numbers: words shrink for a crowd until then. */
const ROOMY_BOX_PX = 160;

/** @throws AppError from the photo engine, or internal when the browser gives no picture; AbortError. */
export async function measuredPicture(
  info: PhotoInfo,
  faces: readonly Face[],
  detection: Config['detection'],
  photo: PhotoEngine,
  signal: AbortSignal,
): Promise<File> {
  const view = await photo.view(info.id, MOST_SIDE_PX, false, signal);
  try {
    const blob = await drawn(view, faces, detection).convertToBlob({ type: 'image/png' });
    signal.throwIfAborted();
    return new File([blob], `${info.name.replace(/\.[^.]*$/, '')}_measures.png`, { type: blob.type });
  } finally {
    view.bitmap.close();
  }
}

function drawn(
  { bitmap, toPhoto }: PhotoView,
  faces: readonly Face[],
  detection: Config['detection'],
): OffscreenCanvas {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new AppError('internal', `no 2D canvas of ${width} × ${height}`);
  context.drawImage(bitmap, 0, 0);
  const toView = invert(toPhoto);
  const pagePx = pagePxOf(faces, scaleOf(toView), Math.max(width, height));
  context.scale(pagePx, pagePx);
  const seen = rect<'view'>(0, 0, width / pagePx, height / pagePx);
  const map = compose(toView, scaling<'view', 'view'>(1 / pagePx, 1 / pagePx));
  drawOverlay(context, { faces, detection, map, seen, free: seen, palette: themePalette() });
  return canvas;
}

/** Pixels of the picture for a px of the page, never less than one: words are read at the picture's own size too. */
function pagePxOf(faces: readonly Face[], scale: number, longestPx: number): number {
  const widths = faces.map(({ box }) => box.width * scale).sort((a, b) => a - b);
  const middle = widths[Math.floor(widths.length / 2)] ?? longestPx;
  return clamp(middle / ROOMY_BOX_PX, 1, Math.max(1, longestPx / PAGE_SIDE_PX));
}
