/** Which way the opened eye has to look. */
import type { Side } from '../../src/core/face';
import type { FaceSquare } from '../../src/core/generation';
import type { Space } from '../../src/core/geometry';
import { clamp } from '../../src/core/units';
import { cornerFrame, type Iris, toFrame } from '../../src/pixels/cornerFrame';
import type { EyePlan } from './plan';

/** How the eyeball is painted, and how far its iris moves along the corner line to image-right, in target px. */
export interface Gaze {
  /**
   * as-warped: with the lids; slid: apart from them, the iris of a mirrored eye unmirrored; unmirrored: the whole
   * eyeball of a mirrored eye unmirrored, for eyes that look far aside.
   */
  readonly kind: 'as-warped' | 'slid' | 'unmirrored';
  readonly shiftPx: number;
}

/**
 * An eye that looks straight ahead has its iris this far to the temple from the middle of its corners, as a share
 * of the square's side: 0.0065 ± 0.0022 over 30 frontal faces.
 */
const TEMPORAL_OFFSET = 0.0065;
/** Smaller deviations are the face's own asymmetry, not gaze; from three times that on they count in full. */
const STRAIGHT_WITHIN = 0.0027;
/** From this shift on (corner distances) the white of a mirrored eye would have to be stretched too far. */
const FAR_ASIDE = 0.13;
/** Shifts under this share of the corner distance are left alone when the iris need not be painted anyway. */
const SHIFT_WORTH = 0.05;

/**
 * The part of an iris' offset that both eyes share (gaze and head turn alike), to image-right, as a share of the
 * square's side; null when the iris is not known.
 */
export function lookOf<S extends Space>(
  square: FaceSquare<S>,
  side: Side,
  iris: Iris<S> | null,
): number | null {
  if (!iris) return null;
  const offset = toFrame(cornerFrame(square.eyes[side]), iris.centre).u / square.pixels.width;
  const own = offset - (side === 'right' ? -TEMPORAL_OFFSET : TEMPORAL_OFFSET);
  const size = Math.abs(own);
  return Math.sign(own) * Math.max(0, Math.min(size, 1.5 * (size - STRAIGHT_WITHIN)));
}

/** @param own look of the source's eye in its picture. @param wanted look of the target's eyes. Shares of the side. */
export function gazeOf(plan: EyePlan, own: number | null, wanted: number | null): Gaze {
  const { iris, frame, mirrored, sourceIris } = plan;
  if (!iris || !sourceIris?.sure) return { kind: 'as-warped', shiftPx: 0 };
  if (own === null || wanted === null) return { kind: mirrored ? 'slid' : 'as-warped', shiftPx: 0 };
  const asked = (wanted - (mirrored ? -own : own)) * plan.sidePx;
  if (!mirrored && Math.abs(asked) < SHIFT_WORTH * frame.widthPx) return { kind: 'as-warped', shiftPx: 0 };
  const room = frame.widthPx / 2 - 0.6 * iris.radiusPx;
  const now = toFrame(frame, iris.centre).u;
  const shiftPx = clamp(now + asked, -room, room) - now;
  const far = mirrored && Math.abs(shiftPx) > FAR_ASIDE * frame.widthPx;
  return { kind: far ? 'unmirrored' : 'slid', shiftPx };
}
