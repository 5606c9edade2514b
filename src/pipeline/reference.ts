/** The whole photo as the reference detectors look at it first, to the pixel. */
import { type Affine, scaling } from '../core/geometry';
import type { Device, RetinafaceVariant, Size } from '../core/look';
import { type Glance, wholeOf } from './passes';

/** facelib reads no smaller pictures: it enlarges them first. */
const FACELIB_LEAST_SIDE_PX = 512;
/** RetinaFace looks at pictures whose shorter side is this. */
const RETINAFACE_SIDE_PX = 640;

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

/** `RetinaFace.detect_faces` with `resize=640` of facelib, which reads small pictures enlarged, and of facexlib. */
export function retinafaceGlance(photo: Size, variant: RetinafaceVariant, device: Device): Glance {
  const isFacelib = variant === 'facelib';
  const enlarged = isFacelib ? FACELIB_LEAST_SIDE_PX / Math.min(photo.width, photo.height) : 1;
  const by =
    enlarged > 1
      ? { width: Math.trunc(photo.width * enlarged), height: Math.trunc(photo.height * enlarged) }
      : null;
  const { width, height } = by ?? photo;
  const scale = RETINAFACE_SIDE_PX / Math.min(width, height);
  const kernel = isFacelib ? (scale < 1 ? 'area' : 'linear') : 'lanczos4';
  return {
    request: {
      area: wholeOf(photo),
      widthPx: Math.trunc(width * scale),
      heightPx: Math.trunc(height * scale),
      reference: { kernel, ...(by && { by }) },
    },
    manner: { detector: 'retinaface', device, variant, scale },
    toPhoto: toReference(scale * Math.max(1, enlarged)),
  };
}

function toReference(scale: number): Affine<'view', 'photo'> {
  return scaling(1 / scale, 1 / scale);
}
