import type { SaveOptions } from '../../../src/core/photo';
import type { OpenPhoto } from '../album';
import type { Bytes } from '../formats/bytes';
import type { ExtraPart } from '../formats/header';
import { cleanExif } from './exif';
import { changeXmp } from './xmp';

/** The photo's metadata as it is true for the saved picture. */
export interface SavedMetadata {
  readonly exif: Bytes | null;
  /** Null means sRGB. */
  readonly profile: Bytes | null;
  readonly xmp: string;
  /** Tells the source type only: for formats in which `xmp` is too long. */
  readonly shortXmp: string;
  readonly extra: readonly ExtraPart[];
}

export function savedMetadata(
  { info, header, profile }: OpenPhoto,
  { keepGps }: Pick<SaveOptions, 'keepGps'>,
): SavedMetadata {
  const { exif, xmp, extra } = header.metadata;
  return {
    exif: exif && cleanExif(exif, info, keepGps),
    profile,
    xmp: changeXmp(xmp, { source: 'captured', keepGps }),
    shortXmp: changeXmp(null, { source: 'captured', keepGps }),
    extra,
  };
}
