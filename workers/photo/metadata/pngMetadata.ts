/** The chunks that go with a photo's pixels into a PNG. */
import type { OpenPhoto } from '../album';
import { fromLatin1, joinBytes } from '../formats/bytes';
import { type PngChunk, textChunk, unicodeChunk } from '../formats/pngFile';
import { keywordOf, XMP_KEYWORD } from '../formats/pngHeader';
import { deflate } from '../formats/zlib';
import type { SavedMetadata } from './savedMetadata';

/** Chunks that tell colours without a profile: true for raw values only. */
const COLOUR_CHUNKS = ['gAMA', 'cHRM', 'sRGB', 'cICP'];

/** What tells the browser the photo's colours; empty: they are sRGB. */
export function profileChunks(photo: Pick<OpenPhoto, 'profile' | 'header'>): readonly PngChunk[] {
  if (photo.profile) {
    const data = joinBytes([fromLatin1('profile\0\0'), deflate(photo.profile)]);
    return [{ type: 'iCCP', data }];
  }
  return colourChunks(photo);
}

export function pngChunks(
  photo: Pick<OpenPhoto, 'profile' | 'header'>,
  metadata: SavedMetadata,
  record: Readonly<Record<string, string>>,
): readonly PngChunk[] {
  const told = { ...record, GeneratedBy: 'OpenTheEyes' };
  const chunks: PngChunk[] = [...profileChunks(photo)];
  for (const { kind, bytes } of photo.header.format === 'png' ? metadata.extra : []) {
    const isToldAnew = kind.endsWith('Xt') && Object.hasOwn(told, keywordOf(bytes));
    if (!COLOUR_CHUNKS.includes(kind) && !isToldAnew) chunks.push({ type: kind, data: bytes });
  }
  if (metadata.exif) chunks.push({ type: 'eXIf', data: metadata.exif });
  if (metadata.xmp) chunks.push(unicodeChunk(XMP_KEYWORD, metadata.xmp));
  for (const [key, value] of Object.entries(told)) {
    chunks.push(textChunk(key, value));
  }
  return chunks;
}

function colourChunks({ header }: Pick<OpenPhoto, 'header'>): PngChunk[] {
  if (header.format !== 'png' || header.codedColours || header.metadata.icc) return [];
  return header.metadata.extra
    .filter(({ kind }) => COLOUR_CHUNKS.includes(kind))
    .map(({ kind, bytes }) => ({ type: kind, data: bytes }));
}
