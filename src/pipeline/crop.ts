/** The upright square round a face and the shapes of its eye masks. Decisions only, no pixels. */
import type { Config } from '../core/config';
import { type EyeMaskShape, FFHQ_TEMPLATE } from '../core/crop';
import { AppError } from '../core/errors';
import { type EyeShape, type Face, movedEye, SIDES, type Side } from '../core/face';
import { type Affine, distance, invert, midpoint, point, scaleOf, similarity } from '../core/geometry';
import type { CropFrame } from '../core/photo';
import { clamp } from '../core/units';

/** Below this a square is enlarged so that masks and feathers keep sub-pixel precision. */
const SMALLEST_SIDE_PX = 256;
const LARGEST_SIDE_PX = 2048;

/** Mask ellipse: full width and height in corner distances, and how far it is raised. Fits open eyes of adults and children. */
const MASK_WIDTH = 1.35;
const MASK_HEIGHT = 0.7;
const MASK_RAISE = 0.04;
const MASK_DILATE = 0.12;

/**
 * FFHQ-aligned square: least-squares similarity of the five points onto the template (spec C.3 without outliers).
 * Side: `cropOutputSize`, or the face's own size in the photo within 256..2048 px.
 * @throws AppError CROP_001 when the points do not span a face.
 */
export function frameOf(face: Pick<Face, 'points' | 'index'>, config: Config['crop']): CropFrame {
  try {
    const unit = similarity<'photo', 'crop'>(face.points, FFHQ_TEMPLATE);
    const naturalPx = Math.ceil(1 / scaleOf(unit));
    const sidePx = config.cropOutputSize || clamp(naturalPx, SMALLEST_SIDE_PX, LARGEST_SIDE_PX);
    const toCrop = scaled(unit, sidePx);
    return { sidePx, toCrop, toPhoto: invert(toCrop) };
  } catch (cause) {
    throw new AppError('CROP_001', 'the five points do not span a face', { face: face.index }, { cause });
  }
}

/** Mask shapes of both eyes in the square. `useLargerEye`: the wider eye gives the size for both. */
export function maskShapes(
  face: Pick<Face, 'eyes'>,
  frame: CropFrame,
  config: Config['crop'],
): Readonly<Record<Side, EyeMaskShape<'crop'>>> {
  const eyes = {
    left: movedEye(face.eyes.left, frame.toCrop),
    right: movedEye(face.eyes.right, frame.toCrop),
  };
  const widthPx = (side: Side) => distance(...eyes[side].corners);
  const widest = Math.max(...SIDES.map(widthPx));
  const shape = (side: Side) => maskShape(eyes[side], config.useLargerEye ? widest : widthPx(side));
  return { left: shape('left'), right: shape('right') };
}

function maskShape(eye: EyeShape<'crop'>, widthPx: number): EyeMaskShape<'crop'> {
  const [left, right] = eye.corners;
  const angleRad = Math.atan2(right.y - left.y, right.x - left.x);
  const middle = midpoint(left, right);
  const raisePx = MASK_RAISE * widthPx;
  return {
    centre: point(middle.x + Math.sin(angleRad) * raisePx, middle.y - Math.cos(angleRad) * raisePx),
    halfWidthPx: (MASK_WIDTH * widthPx) / 2,
    halfHeightPx: (MASK_HEIGHT * widthPx) / 2,
    angleRad,
    contour: eye.contour,
    dilatePx: MASK_DILATE * widthPx,
    brow: eye.brow,
  };
}

function scaled(unit: Affine<'photo', 'crop'>, side: number): Affine<'photo', 'crop'> {
  return {
    a: unit.a * side,
    b: unit.b * side,
    c: unit.c * side,
    d: unit.d * side,
    tx: unit.tx * side,
    ty: unit.ty * side,
  };
}
