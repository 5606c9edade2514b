/** One eye of a wish, laid between the corners of a face's own. */
import type { EyeShape, Side } from '../../src/core/face';
import { type Point, point, type Space } from '../../src/core/geometry';
import { cornerFrame, fromFrame, toFrame } from '../../src/pixels/cornerFrame';
import { lidsAt, opennessAt } from '../../src/pixels/eyeForm';
import type { EyeWish } from './wish';

export interface WishedEye<S extends Space> {
  readonly irisCentre: Point<S>;
  readonly irisRadiusPx: number;
  at(x: number, y: number): EyePlace;
}

/** Where a place lies in the eye. */
export interface EyePlace {
  /** How deep between the lids, in corner distances; negative: under one. Beyond the corners −Infinity. */
  readonly open: number;
  /** From the centre of the iris to image-right and below, in iris radii. */
  readonly right: number;
  readonly below: number;
}

/** @param side the subject's own: tells where the temple is */
export function wishedEye<S extends Space>(
  eye: Pick<EyeShape<S>, 'corners'>,
  side: Side,
  { form, turn }: Pick<EyeWish, 'form' | 'turn'>,
): WishedEye<S> {
  const frame = cornerFrame(eye);
  const toTemple = side === 'left' ? 1 : -1;
  const irisRight = toTemple * form.irisToTemple + turn;
  return {
    irisCentre: fromFrame(frame, irisRight * frame.widthPx, form.irisBelow * frame.widthPx),
    irisRadiusPx: form.irisRadius * frame.widthPx,
    at(x, y) {
      const place = toFrame(frame, point<S>(x, y));
      const u = place.u / frame.widthPx;
      const v = place.v / frame.widthPx;
      const [upper, lower] = lidsAt(form, toTemple * u);
      return {
        open: opennessAt(u) > 0 ? Math.min(v - upper, lower - v) : Number.NEGATIVE_INFINITY,
        right: (u - irisRight) / form.irisRadius,
        below: (v - form.irisBelow) / form.irisRadius,
      };
    },
  };
}
