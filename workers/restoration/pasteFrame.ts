/** Where a restored square lies in the photo, enlarged by a whole factor: `get_inverse_affine` of the reference. */
import {
  type Affine,
  apply,
  boundsOf,
  compose,
  invert,
  point,
  type Rect,
  rect,
  type Size,
  shift,
} from '../../src/core/geometry';
import { REFERENCE_SIDE_PX } from '../../src/core/units';

export interface PasteFrame {
  /** By how much the photo is enlarged; whole. */
  readonly factor: number;
  /** Corner origin on both sides. */
  readonly toSquare: Affine<'enlarged', 'crop'>;
  /** All that the square can change, in whole pixels; its rim is free of it where it is not the photo's. Empty: it lies outside. */
  readonly area: Rect<'enlarged'>;
}

/** A bilinear square ends one pixel beyond the centres of its outer ones, half a pixel beyond its rim. */
const REACH_PX = 0.5;
const RIM_PX = 2;

/**
 * @param toSquare of `alignFace`. @param photo upright size, px.
 * @throws RangeError when the map has no inverse
 */
export function pasteFrame(toSquare: Affine<'photo', 'crop'>, photo: Size, factor: number): PasteFrame {
  // The reference multiplies a map between pixel centres and then adds half an enlarged pixel of the photo.
  const centred = compose(
    compose(shift<'crop', 'crop'>(0.5, 0.5), invert(toSquare)),
    shift<'photo', 'photo'>(-0.5, -0.5),
  );
  const extraPx = factor > 1 ? 0.5 * factor : 0;
  const enlarged: Affine<'crop', 'enlarged'> = {
    a: centred.a * factor,
    b: centred.b * factor,
    c: centred.c * factor,
    d: centred.d * factor,
    tx: centred.tx * factor + extraPx,
    ty: centred.ty * factor + extraPx,
  };
  const fromSquare = compose(
    compose(shift<'crop', 'crop'>(-0.5, -0.5), enlarged),
    shift<'enlarged', 'enlarged'>(0.5, 0.5),
  );
  const ends = [-REACH_PX, REFERENCE_SIDE_PX + REACH_PX];
  const corners = ends.flatMap((x) => ends.map((y) => apply(fromSquare, point<'crop'>(x, y))));
  const area = boundsOf(corners, RIM_PX, rect(0, 0, photo.width * factor, photo.height * factor));
  return { factor, toSquare: invert(fromSquare), area };
}
