import type { Rgb } from './colour';
import type { Affine, Rect } from './geometry';
import { clamp } from './units';

declare const photoId: unique symbol;

/** Names one opened photo inside the photo worker. */
export type PhotoId = string & { readonly [photoId]?: true };

export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif';
export type SaveFormat = 'png' | 'jpeg' | 'webp';

/** What is known of an opened photo. Sizes are upright (EXIF orientation applied). */
export interface PhotoInfo {
  readonly id: PhotoId;
  readonly name: string;
  readonly format: PictureFormat;
  readonly width: number;
  readonly height: number;
  readonly fileBytes: number;
  readonly hasAlpha: boolean;
  readonly colourProfile: string | null;
  readonly hasGps: boolean;
  /** ISO time of the shot, where EXIF tells it: frames of a burst lie seconds apart. */
  readonly takenAt: string | null;
  /** JPEG quality 1–100 estimated from the quantisation tables; null for other formats. */
  readonly jpegQuality: number | null;
  readonly notices: readonly PhotoNotice[];
}

/** What was simplified when the photo was opened; the page says it in a sentence. */
export type PhotoNotice =
  | 'first-frame-only'
  | 'reduced-to-8-bit'
  | 'cmyk-converted'
  | 'damaged-part'
  | 'hdr-flattened';

/** Why a file was refused: `details.reason` of photo-unreadable. */
export type UnreadableReason =
  | 'empty'
  | 'not-a-picture'
  /** HTML, XML or SVG, whatever its name says. */
  | 'markup'
  /** A known kind of picture of which too little decodes. */
  | 'damaged'
  | 'format-heic'
  /** TIFF or a camera's raw file, which is TIFF inside. */
  | 'format-tiff'
  | 'format-other'
  /** The file was moved, changed or deleted after it was chosen. */
  | 'gone';

/** A picture for the screen, colours managed, with the way from its pixels to the photo's. */
export interface PhotoView {
  readonly bitmap: ImageBitmap;
  readonly toPhoto: Affine<'view', 'photo'>;
}

/** A way of `cv2.resize`, by the name of its INTER_ flag: for networks whose reference pre-processing uses it. */
export type OpencvKernel = 'linear' | 'area' | 'lanczos4';

/** Part of the photo, resampled to `widthPx` × `heightPx` (area average when it gets smaller). */
export interface RegionRequest {
  readonly area: Rect<'photo'>;
  readonly widthPx: number;
  readonly heightPx: number;
  /** The whole photo as a reference algorithm resizes it; absent: the app's own way. */
  readonly reference?: {
    readonly kernel: OpencvKernel;
    /** The photo is first enlarged so much with `cv2.resize(…, fx, fy, INTER_LINEAR)`; absent: not. */
    readonly enlargedBy?: number;
  };
}

/** An upright square round a face, with its way there and home. `sidePx` is its width and height. */
export interface CropFrame {
  readonly sidePx: number;
  readonly toCrop: Affine<'photo', 'crop'>;
  readonly toPhoto: Affine<'crop', 'photo'>;
  /** The part that is read when the square is cut, the rest stays transparent; absent: all of it. */
  readonly part?: Rect<'crop'>;
  /** Cut as `cv2.warpAffine` does, bilinear and unaveraged, with this colour outside the photo; absent: the app's own way. */
  readonly reference?: Rgb;
}

/** Decoded RGBA of 120 MP takes 480 MB, its smaller copies a third more: what a 4 GB machine can still hold. */
export const LIMIT_MEGAPIXELS = 120;
/** Canvases of more pixels a side are refused by common browsers and graphics drivers. */
export const LIMIT_SIDE_PX = 16_384;

/** Coded a second time below the first it shows; above the other the file only grows. */
const NEAR_QUALITY = { least: 0.8, most: 0.98, usual: 0.92 };

/** JPEG and WebP quality near that of the source, 0..1. @param jpegQuality 1..100; null: the source tells none */
export function nearQuality(jpegQuality: number | null): number {
  const { least, most, usual } = NEAR_QUALITY;
  return jpegQuality === null ? usual : clamp(jpegQuality / 100, least, most);
}

/** What was laid into a photo: parts of photos only, or pictures by a trained network too. */
export type PartsSource = 'captured' | 'generated';

export interface SaveOptions {
  readonly format: SaveFormat;
  /** 0..1, for jpeg and webp; 0: `nearQuality` of the source. */
  readonly quality: number;
  readonly keepGps: boolean;
  /** By how much the saved photo is larger; whole, 1: not. */
  readonly enlarge: number;
  /** Told in the file, as IPTC's digital source type. */
  readonly parts: PartsSource;
  /** Machine-readable record of the run, written as PNG text chunks where the format has them. */
  readonly record: Readonly<Record<string, string>>;
}

export interface SavedPhoto {
  readonly blob: Blob;
  readonly name: string;
}

/** Where a placed face changed the photo: nothing outside `area` differs from the original. */
export interface Placement {
  readonly face: number;
  readonly area: Rect<'photo'>;
}
