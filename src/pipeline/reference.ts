/** The whole photo as the reference detectors look at it first, to the pixel. */
import { type Affine, type Size, scaling } from '../core/geometry';
import type { Device, RetinafaceVariant } from '../core/look';
import type { RegionRequest } from '../core/photo';
import { roundHalfEven } from '../core/units';
import { type Glance, wholeOf } from './passes';

/** facelib reads no smaller pictures: it enlarges them first. */
const FACELIB_LEAST_SIDE_PX = 512;
/** RetinaFace looks at pictures whose shorter side is this. */
const RETINAFACE_SIDE_PX = 640;
/** RetinaFace's ResNet takes about 0.3 GB for a megapixel. */
const MOST_PX = 2.1e6;

/**
 * InsightFace's letterbox (`model_zoo/scrfd.py`): as large as it goes at the top left of the canvas. The scale is that
 * of the height alone, also where the width was the limit.
 * @param canvas multiples of 32
 */
export function scrfdGlance(photo: Size, canvas: Size, device: Device): Glance {
  const ratio = photo.height / photo.width;
  const fitsHeight = ratio > canvas.height / canvas.width;
  const width = fitsHeight ? Math.trunc(canvas.height / ratio) : canvas.width;
  const height = fitsHeight ? canvas.height : Math.trunc(canvas.width * ratio);
  // A sliver of a photo keeps one line.
  const [widthPx, heightPx] = [Math.max(1, width), Math.max(1, height)];
  const scale = heightPx / photo.height;
  return {
    request: requestOf(photo, { width: widthPx, height: heightPx }, { kernel: 'linear' }),
    manner: { detector: 'buffalo_l', device, canvas, scale },
    toPhoto: toReference(scale),
  };
}

/**
 * facelib's and facexlib's `get_face_landmarks_5(resize=640)`. facelib reads small photos enlarged, and never looks at
 * one smaller than it is; where that is too large, at 640 on the shorter side, as its code says it means to.
 * @returns null when what the reference would look at does not fit the memory: large photos, and slivers
 */
export function retinafaceGlance(photo: Size, variant: RetinafaceVariant, device: Device): Glance | null {
  return variant === 'facelib' ? facelibGlance(photo, device) : facexlibGlance(photo, device);
}

function facelibGlance(photo: Size, device: Device): Glance | null {
  const enlargedBy = Math.max(1, FACELIB_LEAST_SIDE_PX / Math.min(photo.width, photo.height));
  const read = resized(photo, (side) => roundHalfEven(side * enlargedBy));
  const least = RETINAFACE_SIDE_PX / Math.min(read.width, read.height);
  for (const scale of [Math.max(1, least), least]) {
    const size = resized(read, (side) => Math.trunc(side * scale));
    if (Math.max(area(size), enlargedBy > 1 ? area(read) : 0) > MOST_PX) continue;
    const kernel = scale < 1 ? 'area' : 'linear';
    const reference = { kernel, ...(enlargedBy > 1 && { enlargedBy }) } as const;
    const manner = { detector: 'retinaface', device, variant: 'facelib', scale } as const;
    return { request: requestOf(photo, size, reference), manner, toPhoto: toReference(scale * enlargedBy) };
  }
  return null;
}

function facexlibGlance(photo: Size, device: Device): Glance | null {
  const shrink = Math.min(photo.width, photo.height) / RETINAFACE_SIDE_PX;
  const size = resized(photo, (side) => Math.trunc(side / shrink));
  if (area(size) > MOST_PX) return null;
  const scale = 1 / shrink;
  const manner = { detector: 'retinaface', device, variant: 'facexlib', scale } as const;
  return { request: requestOf(photo, size, { kernel: 'lanczos4' }), manner, toPhoto: toReference(scale) };
}

function requestOf(
  photo: Size,
  { width, height }: Size,
  reference: NonNullable<RegionRequest['reference']>,
): RegionRequest {
  return { area: wholeOf(photo), widthPx: width, heightPx: height, reference };
}

function resized({ width, height }: Size, side: (side: number) => number): Size {
  return { width: side(width), height: side(height) };
}

function area({ width, height }: Size): number {
  return width * height;
}

function toReference(scale: number): Affine<'view', 'photo'> {
  return scaling(1 / scale, 1 / scale);
}
