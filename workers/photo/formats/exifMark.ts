import { type Bytes, startsWith } from './bytes';

/** Stands before the TIFF block in JPEG; some writers put it into other formats too. */
export const EXIF_MARK = 'Exif\0\0';

export function withoutMark(exif: Bytes): Bytes {
  return startsWith(exif, EXIF_MARK) ? exif.subarray(EXIF_MARK.length) : exif;
}
