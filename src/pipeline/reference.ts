/** The whole photo as the reference detectors look at it first, to the pixel. */
import { type Affine, scaling } from '../core/geometry';
import type { Device, RetinafaceVariant, Size } from '../core/look';
import type { RegionRequest } from '../core/photo';
import { roundHalfEven } from '../core/units';
import { type Glance, wholeOf } from './passes';

/** facelib reads no smaller pictures: it enlarges them first. */
const FACELIB_LEAST_SIDE_PX = 512;
/** RetinaFace looks at pictures whose shorter side is this. */
const RETINAFACE_SIDE_PX = 640;
/** Its ResNet takes about 0.3 GB for a megapixel. */
const FACELIB_MOST_PX = 2.1e6;

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
    request: { area: wholeOf(photo), widthPx, heightPx, reference: { kernel: 'linear' } },
    manner: { detector: 'buffalo_l', device, canvas, scale },
    toPhoto: toReference(scale),
  };
}

/**
 * facelib's and facexlib's `get_face_landmarks_5(resize=640)`. facelib reads small photos enlarged, and never looks at
 * one smaller than it is: 12 MP cost its network 3 GB. Beyond `FACELIB_MOST_PX` it gets what its code says it means to.
 */
export function retinafaceGlance(photo: Size, variant: RetinafaceVariant, device: Device): Glance {
  const glance = (request: Omit<RegionRequest, 'area'>, scale: number, enlargedBy = 1): Glance => ({
    request: { area: wholeOf(photo), ...request },
    manner: { detector: 'retinaface', device, variant, scale },
    toPhoto: toReference(scale * enlargedBy),
  });
  if (variant === 'facexlib') {
    const shrink = Math.min(photo.width, photo.height) / RETINAFACE_SIDE_PX;
    const [widthPx, heightPx] = cut(photo, (side) => side / shrink);
    return glance({ widthPx, heightPx, reference: { kernel: 'lanczos4' } }, 1 / shrink);
  }
  const enlargedBy = Math.max(1, FACELIB_LEAST_SIDE_PX / Math.min(photo.width, photo.height));
  const { width, height } = enlarged(photo, enlargedBy);
  const least = RETINAFACE_SIDE_PX / Math.min(width, height);
  const scale = width * height > FACELIB_MOST_PX ? least : Math.max(1, least);
  const [widthPx, heightPx] = cut({ width, height }, (side) => side * scale);
  const reference = { kernel: scale < 1 ? 'area' : 'linear', ...(enlargedBy > 1 && { enlargedBy }) } as const;
  return glance({ widthPx, heightPx, reference }, scale, enlargedBy);
}

function cut({ width, height }: Size, resized: (side: number) => number): readonly [number, number] {
  return [Math.trunc(resized(width)), Math.trunc(resized(height))];
}

function enlarged({ width, height }: Size, factor: number): Size {
  return { width: roundHalfEven(width * factor), height: roundHalfEven(height * factor) };
}

function toReference(scale: number): Affine<'view', 'photo'> {
  return scaling(1 / scale, 1 / scale);
}
