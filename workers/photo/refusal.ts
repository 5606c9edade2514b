import { AppError } from '../../src/core/errors';
import { LIMIT_MEGAPIXELS, LIMIT_SIDE_PX, type UnreadableReason } from '../../src/core/photo';
import { MIB_BYTES } from '../../src/core/units';

const LIMIT_FILE_MIB = 512;

export function unreadable(reason: UnreadableReason, cause?: unknown): AppError {
  return new AppError('photo-unreadable', `the file cannot be opened: ${reason}`, { reason }, { cause });
}

/** @throws photo-too-large, judged before anything is decoded or encoded. */
export function expectFits(width: number, height: number, limitSidePx = LIMIT_SIDE_PX): void {
  const megapixels = (width * height) / 1e6;
  if (megapixels <= LIMIT_MEGAPIXELS && Math.max(width, height) <= limitSidePx) return;
  throw new AppError('photo-too-large', `${width}×${height} px is more than fits`, {
    widthPx: width,
    heightPx: height,
    megapixels: Math.round(megapixels * 10) / 10,
    limitMegapixels: LIMIT_MEGAPIXELS,
    limitSidePx,
  });
}

/** @throws photo-too-large for a file no photo has the size of. */
export function expectFileFits(fileBytes: number): void {
  const fileMib = Math.round(fileBytes / MIB_BYTES);
  if (fileMib <= LIMIT_FILE_MIB) return;
  throw new AppError('photo-too-large', `${fileMib} MiB is more than this app opens`, {
    fileMib,
    limitFileMib: LIMIT_FILE_MIB,
    limitMegapixels: LIMIT_MEGAPIXELS,
  });
}
