import type { PictureFormat } from '../../../src/core/photo';
import { avifHeader } from './avifHeader';
import type { Bytes } from './bytes';
import { gifHeader } from './gifHeader';
import type { PictureHeader } from './header';
import { jpegHeader } from './jpegHeader';
import { pngHeader } from './pngHeader';
import { webpHeader } from './webpHeader';

const PARSERS: Readonly<Record<PictureFormat, (bytes: Bytes) => PictureHeader | null>> = {
  jpeg: jpegHeader,
  png: pngHeader,
  webp: webpHeader,
  avif: avifHeader,
  gif: gifHeader,
};

/** Size and metadata without decoding; null when the file is too broken to tell its size. */
export function readHeader(format: PictureFormat, bytes: Bytes): PictureHeader | null {
  const header = PARSERS[format](bytes);
  return header && header.width > 0 && header.height > 0 ? header : null;
}
