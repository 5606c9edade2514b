/** How a photo's colour values are read and what profile goes with them. */

import { type Bytes, startsWith } from './formats/bytes';
import type { PictureHeader } from './formats/header';
import { ICC_MARK, segmentsOf } from './formats/jpegHeader';
import { colourSpaceOf } from './metadata/icc';

/**
 * raw     – the values in the file, its own RGB profile (or none) beside them
 * srgb    – converted by the browser: CMYK and grey profiles do not fit RGB values
 * p3      – converted by the browser: colours told by numbers, for which no profile exists to keep
 */
export type ColourRoad = 'raw' | 'srgb' | 'p3';

export function colourRoadOf(header: PictureHeader): ColourRoad {
  if (header.codedColours) return 'p3';
  const { icc } = header.metadata;
  if (icc === null) return 'raw';
  const space = colourSpaceOf(icc);
  return space === 'GRAY' || space === 'CMYK' ? 'srgb' : 'raw';
}

/** The profile that belongs to the decoded values; null means sRGB. */
export async function profileOf(header: PictureHeader, road: ColourRoad): Promise<Bytes | null> {
  if (road === 'srgb') return null;
  if (road === 'p3') return displayP3();
  const { icc } = header.metadata;
  return icc && colourSpaceOf(icc) === 'RGB ' ? icc : null;
}

/** The browser's own Display P3 profile, taken from a picture it encodes. */
async function displayP3(): Promise<Bytes | null> {
  const canvas = new OffscreenCanvas(1, 1);
  canvas.getContext('2d', { colorSpace: 'display-p3' });
  const jpeg = await canvas.convertToBlob({ type: 'image/jpeg' });
  const segments = segmentsOf(new Uint8Array(await jpeg.arrayBuffer()));
  const icc = segments.find(({ marker, payload }) => marker === 0xe2 && startsWith(payload, ICC_MARK));
  return icc ? icc.payload.slice(ICC_MARK.length + 2) : null;
}
