/** Colours that a PNG tells by numbers instead of a profile (W3C PNG third edition, 11.3.2). */
import { ByteReader, type Bytes } from './bytes';

/** Code points of H.273: BT.709 primaries, sRGB transfer. */
const SRGB_PRIMARIES = 1;
const SRGB_TRANSFER = 13;
/** What files of sRGB say, in hundred-thousandths: 1 / 2.2; x and y of white, red, green, blue. */
const SRGB_GAMMA = 45_455;
const SRGB_CHROMATICITIES = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6000];
/** Rounding of their writers; what lies closer nobody sees. */
const CLOSE = 500;

/**
 * Of several chunks the browser takes the first of cICP, iCCP, sRGB, and gAMA with cHRM.
 * @returns true when these colours are told by numbers and are not sRGB
 */
export function hasCodedColours(find: (type: string) => Bytes | null, hasProfile: boolean): boolean {
  const points = find('cICP');
  if (points) return !(points[0] === SRGB_PRIMARIES && points[1] === SRGB_TRANSFER);
  if (hasProfile || find('sRGB')) return false;
  return differs(find('gAMA'), [SRGB_GAMMA]) || differs(find('cHRM'), SRGB_CHROMATICITIES);
}

/** A chunk that is too short says nothing, nor does one that is all 0. */
function differs(chunk: Bytes | null, wanted: readonly number[]): boolean {
  if (!chunk || chunk.length < 4 * wanted.length || chunk.every((byte) => byte === 0)) return false;
  const reader = new ByteReader(chunk);
  return wanted.some((value, i) => Math.abs(reader.u32(4 * i) - value) > CLOSE);
}
