import type { SaveOptions } from '../../../src/core/photo';
import type { OpenPhoto } from '../album';
import type { Bytes } from '../formats/bytes';
import type { ExtraPart } from '../formats/header';
import { tellsPlace } from '../formats/pngHeader';
import { cleanExif } from './exif';
import { changeXmp, isGenerated, newXmp } from './xmp';

/** The photo's metadata as it is true for the saved picture. */
export interface SavedMetadata {
  readonly exif: Bytes | null;
  /** Null means sRGB. */
  readonly profile: Bytes | null;
  readonly xmp: string | null;
  /** Tells the source type only: for formats in which `xmp` is too long. */
  readonly shortXmp: string | null;
  readonly extra: readonly ExtraPart[];
}

export function savedMetadata(
  { info, header, profile, patches }: OpenPhoto,
  { keepGps, parts }: Pick<SaveOptions, 'keepGps' | 'parts'>,
): SavedMetadata {
  const { exif, xmp, extra } = header.metadata;
  // Only a picture that was changed is a composite.
  const source = patches.size > 0 ? (isGenerated(xmp) ? 'generated' : parts) : null;
  return {
    exif: exif && cleanExif(exif, info, keepGps),
    profile,
    xmp: changeXmp(xmp, { source, keepGps }),
    shortXmp: source && newXmp(source),
    extra: keepGps ? extra : extra.filter((part) => !tellsPlace(part)),
  };
}
