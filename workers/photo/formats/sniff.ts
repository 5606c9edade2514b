/** What a file is, by its first bytes. Its name and MIME type are never believed. */
import type { PictureFormat, UnreadableReason } from '../../../src/core/photo';
import { type Bytes, latin1 } from './bytes';

/** So many bytes are enough to tell. */
export const SNIFF_BYTES = 512;

export type Sniffed =
  | { readonly format: PictureFormat }
  | {
      readonly refused: Extract<UnreadableReason, `format-${string}` | 'empty' | 'markup' | 'not-a-picture'>;
    };

const AVIF_BRANDS = ['avif', 'avis'];
const HEIC_BRANDS = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'hevm', 'hevs', 'mif1', 'msf1'];

/** Pictures this app knows of and does not open: BMP, icon, JPEG XL, JPEG 2000, Photoshop, OpenEXR, Radiance. */
const OTHER_PICTURES = [
  'BM',
  '\0\0\x01\0',
  '\xff\x0a',
  '\0\0\0\x0cJXL ',
  '\0\0\0\x0cjP  ',
  '8BPS',
  'v/1\x01',
  '#?',
];

export function sniff(head: Bytes): Sniffed {
  const text = latin1(head.subarray(0, SNIFF_BYTES));
  if (text.length === 0) return { refused: 'empty' };
  if (text.startsWith('\xff\xd8\xff')) return { format: 'jpeg' };
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return { format: 'png' };
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return { format: 'gif' };
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return { format: 'webp' };
  if (text.slice(4, 8) === 'ftyp') return byBrand(text);
  if (text.startsWith('II*\0') || text.startsWith('MM\0*')) return { refused: 'format-tiff' };
  if (text.startsWith('IIRO') || text.startsWith('FUJIFILMCCD-RAW')) return { refused: 'format-tiff' };
  if (OTHER_PICTURES.some((magic) => text.startsWith(magic))) return { refused: 'format-other' };
  // UTF-8 byte order mark, then white space, then a tag; UTF-16 puts zeros between.
  if (/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*</.test(text)) return { refused: 'markup' };
  return { refused: 'not-a-picture' };
}

/** ISO base media: the major brand and the compatible ones after it. */
function byBrand(text: string): Sniffed {
  const boxLength = Math.min((text.charCodeAt(2) << 8) | text.charCodeAt(3), SNIFF_BYTES);
  const brands = [text.slice(8, 12)];
  for (let at = 16; at + 4 <= boxLength; at += 4) brands.push(text.slice(at, at + 4));
  if (brands.some((brand) => AVIF_BRANDS.includes(brand))) return { format: 'avif' };
  if (brands.some((brand) => HEIC_BRANDS.includes(brand))) return { refused: 'format-heic' };
  return { refused: brands[0] === 'crx ' ? 'format-tiff' : 'not-a-picture' };
}
