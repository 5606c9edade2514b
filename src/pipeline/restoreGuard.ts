/** Whether a restored face is still the person, with open eyes of their own colour. Numbers in, decision out. */
import { lightsOf, oklabOf, type Rgb } from '../core/colour';
import { type EyeState, type FaceMesh, isTraced, SIDES, type Side } from '../core/face';
import { apply, distance, midpoint, similarity } from '../core/geometry';
import type { RestoreObjection } from '../core/restoration';
import { EYES } from './landmarks';

/** A face as it looks at one time. */
export interface FaceLook {
  readonly mesh: FaceMesh<'photo'>;
  readonly verdicts: Readonly<Record<Side, EyeState>>;
  /** Null: it cannot be told. */
  readonly irises: Readonly<Record<Side, Rgb | null>>;
}

/**
 * The limits lie between what was measured on 18 people (test/conformance/restoreGuard.test.ts holds 12 of them): small
 * changes of their square, such as a blur of 1 px, sharpening, grain or 5 % more contrast; perfect restorations of a square
 * that was blurred by 2 to 7 px; and harm.
 */
const MOST_HUE_RAD = (8 * Math.PI) / 180;
/**
 * OKLab distance from gray below which a hue says nothing: there grain of 4 codes turns it by up to 99°, above by 4° at most.
 * 12 of the 18 people have such eyes.
 */
const LEAST_CHROMA = 0.03;
/** OKLab: how far colours without a hue may be apart. Small changes: up to 0.010; eyes tinted blue: from 0.061. */
const MOST_TINT = 0.02;
/**
 * Root mean square of the mesh's distances, in eye distances. Small changes: up to 0.007; restored from a blur of 4 px: 0.019,
 * of 7 px: 0.016 to 0.040; 8 % wider: from 0.027; another person: from 0.050.
 */
const MOST_SHAPE = 0.022;
/** `RestoredSquare.movedCodes`. Small changes: up to 4; restored from a blur of 7 px: up to 9; another person: from 28. */
const MOST_MOVED_CODES = 15;

/** The worst first; null: nothing to say against it. */
export function objectionTo(before: FaceLook, after: FaceLook, movedCodes: number): RestoreObjection | null {
  const shut = SIDES.some((side) => before.verdicts[side] !== 'closed' && after.verdicts[side] === 'closed');
  if (shut) return 'eyes-closed';
  if (!isTraced(after.mesh) || movedCodes > MOST_MOVED_CODES) return 'another-face';
  if (shapeGap(before.mesh, after.mesh) > MOST_SHAPE) return 'another-face';
  const recoloured = SIDES.some((side) => {
    const [old, now] = [before.irises[side], after.irises[side]];
    return old && now && isRecoloured(old, now);
  });
  return recoloured ? 'iris-colour' : null;
}

/** Hue moved by more than 8°; where a colour has none, the colours themselves are far apart. */
export function isRecoloured(before: Rgb, after: Rgb): boolean {
  const [, a, b] = oklabOf(lightsOf(before));
  const [, c, d] = oklabOf(lightsOf(after));
  if (Math.min(Math.hypot(a, b), Math.hypot(c, d)) < LEAST_CHROMA)
    return Math.hypot(a - c, b - d) > MOST_TINT;
  const turnRad = Math.abs(Math.atan2(a * d - b * c, a * c + b * d));
  return turnRad > MOST_HUE_RAD;
}

/** How far two meshes of one photo are apart when the one is laid on the other, in eye distances. */
export function shapeGap(before: FaceMesh<'photo'>, after: FaceMesh<'photo'>): number {
  const map = similarity<'photo', 'photo'>(after.points, before.points);
  const squares = after.points.map((p, i) => distance(apply(map, p), before.points[i]!) ** 2);
  const corners = (side: Side) => {
    const { ring } = EYES[side];
    return midpoint(before.points[ring[0]!]!, before.points[ring[8]!]!);
  };
  const meanSquare = squares.reduce((sum, square) => sum + square, 0) / squares.length;
  return Math.sqrt(meanSquare) / distance(corners('left'), corners('right'));
}
