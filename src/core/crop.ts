import type { FivePoints } from './face';
import { type Affine, apply, type Point, type Space, scaleOf } from './geometry';
import { REFERENCE_SIDE_PX } from './units';

/**
 * Shape of the region that an open eye needs: a rotated ellipse on the corner points united with the
 * dilated lid ring, cut off below the brow. Numbers only; `pixels/mask` rasterises it.
 */
export interface EyeMaskShape<S extends Space> {
  readonly centre: Point<S>;
  readonly halfWidthPx: number;
  readonly halfHeightPx: number;
  /** Clockwise on screen, of the line from the corner at image-left to that at image-right. */
  readonly angleRad: number;
  /** Lid ring; united with the ellipse after growing by `dilatePx`. */
  readonly contour: readonly Point<S>[];
  readonly dilatePx: number;
  /** Lower edge of the brow, image-left to image-right: nothing above it is masked. Empty: no limit. */
  readonly brow: readonly Point<S>[];
}

/** FFHQ template for a square of side 1, image order (facexlib `face_template`, 512 px, divided by 512). */
export const FFHQ_TEMPLATE = [
  [192.98138, 239.94708],
  [318.90277, 240.1936],
  [256.63416, 314.01935],
  [201.26117, 371.41043],
  [313.08905, 371.15118],
].map(([x, y]) => ({
  x: x! / REFERENCE_SIDE_PX,
  y: y! / REFERENCE_SIDE_PX,
})) as unknown as FivePoints<'crop'>;

/** @param map shifts and scales, and turns nothing. */
export function movedMask<F extends Space, T extends Space>(
  shape: EyeMaskShape<F>,
  map: Affine<F, T>,
): EyeMaskShape<T> {
  const move = (p: Point<F>) => apply(map, p);
  const scale = scaleOf(map);
  return {
    centre: move(shape.centre),
    halfWidthPx: scale * shape.halfWidthPx,
    halfHeightPx: scale * shape.halfHeightPx,
    angleRad: shape.angleRad,
    contour: shape.contour.map(move),
    dilatePx: scale * shape.dilatePx,
    brow: shape.brow.map(move),
  };
}
