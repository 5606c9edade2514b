/** AVIF boxes (ISO/IEC 23008-12, 14496-12): size, depth, colours, and the EXIF and XMP items. */
import { ByteReader, type Bytes, startsWith } from './bytes';
import { withoutMark } from './exifMark';
import type { PictureHeader } from './header';
import { type Box, boxesOf, itemBytes } from './isoBoxes';

const SRGB_TRANSFERS = [1, 2, 6, 13];
const SRGB_PRIMARIES = [1, 2];
const HDR_TRANSFERS = [16, 18];

/** @returns null when no picture size is told. Turning is left to the decoder: AVIF's own boxes rule, not EXIF. */
export function avifHeader(bytes: Bytes): PictureHeader | null {
  const top = boxesOf(bytes);
  const meta = top.find(({ type }) => type === 'meta');
  // A full box: 4 bytes of version and flags come before its children.
  const children = meta ? boxesOf(meta.data.subarray(4)) : [];
  const properties = propertiesOf(children);
  const sizes = properties
    .filter(({ type }) => type === 'ispe')
    .map(({ data }) => ({ width: new ByteReader(data).u32(4), height: new ByteReader(data).u32(8) }));
  const largest = sizes.sort((p, q) => q.width * q.height - p.width * p.height)[0];
  if (!largest) return null;
  const depth = properties.find(({ type }) => type === 'pixi')?.data[5] ?? 8;
  const colours = properties.filter(({ type }) => type === 'colr').map(({ data }) => data);
  const profile = colours.find((data) => startsWith(data, 'prof') || startsWith(data, 'rICC'));
  const coded = colours.find((data) => startsWith(data, 'nclx'));
  const points = coded ? new ByteReader(coded) : null;
  const primaries = points?.u16(4) ?? 2;
  const transfer = points?.u16(6) ?? 2;
  const exif = itemBytes(bytes, children, 'Exif');
  const xmp = itemBytes(bytes, children, 'mime');
  const isSrgb = SRGB_PRIMARIES.includes(primaries) && SRGB_TRANSFERS.includes(transfer);
  return {
    format: 'avif',
    ...largest,
    bitsPerChannel: depth,
    channels: 'rgb',
    hasAlpha: properties.some(({ type, data }) => type === 'auxC' && isAlpha(data)),
    isAnimated: new ByteReader(bytes).text(8, 4) === 'avis',
    isHdr: HDR_TRANSFERS.includes(transfer),
    codedColours: profile === undefined && !isSrgb,
    jpegQuality: null,
    metadata: {
      exif: exif ? tiffOf(exif) : null,
      icc: profile?.subarray(4) ?? null,
      xmp: xmp ? new TextDecoder().decode(xmp) : null,
      extra: [],
    },
    hidden: [],
  };
}

function propertiesOf(meta: readonly Box[]): readonly Box[] {
  const iprp = meta.find(({ type }) => type === 'iprp');
  const ipco = iprp && boxesOf(iprp.data).find(({ type }) => type === 'ipco');
  return ipco ? boxesOf(ipco.data) : [];
}

function isAlpha(auxiliary: Bytes): boolean {
  return new ByteReader(auxiliary).text(4, 48).includes('alpha');
}

/** An Exif item starts with the offset of its TIFF header. */
function tiffOf(item: Bytes): Bytes {
  return withoutMark(item.subarray(4 + new ByteReader(item).u32(0)));
}
