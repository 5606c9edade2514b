/** What the parsers of the container formats find out without decoding a pixel. */
import type { PictureFormat } from '../../../src/core/photo';
import type { Bytes, Edit } from './bytes';

/** Metadata as it lies in the file: TIFF block, profile, packet. */
export interface Metadata {
  /** TIFF structure without the `Exif\0\0` in front. */
  readonly exif: Bytes | null;
  readonly icc: Bytes | null;
  readonly xmp: string | null;
  /** Parts of the container that are copied when the format stays: PNG text and colour chunks, JPEG captions. */
  readonly extra: readonly ExtraPart[];
}

export interface ExtraPart {
  /** PNG chunk type, or `APP13` / `COM` for JPEG. */
  readonly kind: string;
  readonly bytes: Bytes;
}

export interface PictureHeader {
  readonly format: PictureFormat;
  /** As stored; the EXIF orientation is not applied. */
  readonly width: number;
  readonly height: number;
  readonly bitsPerChannel: number;
  readonly channels: 'rgb' | 'grey' | 'cmyk';
  readonly hasAlpha: boolean;
  readonly isAnimated: boolean;
  readonly isHdr: boolean;
  /** Colours are told by numbers instead of a profile (AVIF nclx; PNG cICP, gAMA, cHRM) and are not sRGB. */
  readonly codedColours: boolean;
  readonly jpegQuality: number | null;
  readonly metadata: Metadata;
  /**
   * What the browser's decoder must not see: orientation tags, which some formats obey and some do not,
   * so that turning is done in one place for all.
   */
  readonly hidden: readonly Edit[];
}
