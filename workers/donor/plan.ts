/** Where an eye of the source comes to lie in the target. Geometry only. */
import type { EyeShape, Side } from '../../src/core/face';
import type { FaceSquare } from '../../src/core/generation';
import { type Point, point, type Space } from '../../src/core/geometry';
import {
  type CornerFrame,
  cornerFrame,
  fromFrame,
  type Iris,
  lidLines,
  toFrame,
} from '../../src/pixels/cornerFrame';
import { DENSE_COUNT, SURROUNDINGS } from './landmarks';
import type { Knot } from './spline';

export interface EyePlan {
  readonly mirrored: boolean;
  readonly frame: CornerFrame<'crop'>;
  /** Lid ring that the opened eye will have; order as in `EyeShape.contour`. */
  readonly ring: readonly Point<'crop'>[];
  readonly sourceRing: readonly Point<'source'>[];
  /** Where the warp alone would put the iris. */
  readonly iris: Iris<'crop'> | null;
  readonly sourceIris: Iris<'source'> | null;
  /** From target to source. */
  readonly knots: readonly Knot<'crop', 'source'>[];
  /** Target px per source px. */
  readonly scale: number;
  /** Of the target square. */
  readonly sidePx: number;
}

/** How far (in corner distances squared) brow and cheek knots may be missed to keep the warp smooth. */
const SURROUNDING_SLACK = 0.05;
const RING_SLACK = 0.0005;
const IRIS_SLACK = 0.0003;
const IRIS_KNOTS = 8;

/**
 * @param scale target px per source px of the whole face; heights and the iris keep it, widths follow the corners.
 * @param sourceIris the measured iris, when the source tells it.
 */
export function planEye(
  target: FaceSquare<'crop'>,
  side: Side,
  source: FaceSquare<'source'>,
  sourceSide: Side,
  sourceIris: Iris<'source'> | null,
  scale: number,
): EyePlan {
  const mirrored = side !== sourceSide;
  const sourceEye = source.eyes[sourceSide];
  const frame = cornerFrame(target.eyes[side]);
  const sourceFrame = cornerFrame(sourceEye);
  const stretch = frame.widthPx / sourceFrame.widthPx;
  const flip = mirrored ? -1 : 1;
  const place = (p: Point<'source'>): Point<'crop'> => {
    const { u, v } = toFrame(sourceFrame, p);
    return fromFrame(frame, flip * u * stretch, v * scale);
  };
  const sourceRing = mirrored ? reversedRing(sourceEye.contour) : sourceEye.contour;
  const ring = sourceRing.map(place);
  const iris = sourceIris && {
    centre: place(sourceIris.centre),
    radiusPx: sourceIris.radiusPx * scale,
  };
  const knots: Knot<'crop', 'source'>[] = ring.map((at, i) => ({
    at,
    to: sourceRing[i]!,
    slack: RING_SLACK,
  }));
  if (iris && sourceIris) {
    for (let i = 0; i < IRIS_KNOTS; i++) {
      const angle = (2 * Math.PI * i) / IRIS_KNOTS;
      const du = Math.cos(angle);
      const dv = Math.sin(angle);
      if (!isVisible(sourceEye, sourceFrame, sourceIris, flip * du, dv)) continue;
      const at = shifted(iris.centre, frame, du * iris.radiusPx, dv * iris.radiusPx);
      const to = shifted(
        sourceIris.centre,
        sourceFrame,
        flip * du * sourceIris.radiusPx,
        dv * sourceIris.radiusPx,
      );
      knots.push({ at, to, slack: IRIS_SLACK });
    }
  }
  knots.push(...surroundingKnots(target, side, source, sourceSide));
  return { mirrored, frame, ring, sourceRing, iris, sourceIris, knots, scale, sidePx: target.pixels.width };
}

/** Corners of the opening in the target. */
export function cornersOf(plan: EyePlan): readonly [Point<'crop'>, Point<'crop'>] {
  const half = plan.frame.widthPx / 2;
  return [fromFrame(plan.frame, -half, 0), fromFrame(plan.frame, half, 0)];
}

/** The source's lid ring in its own order: from its corner at image-left. */
export function unmirroredRing(plan: EyePlan): readonly Point<'source'>[] {
  return plan.mirrored ? reversedRing(plan.sourceRing) : plan.sourceRing;
}

/** The same ring as seen in a mirror: from the other corner, the other way round. */
function reversedRing<S extends Space>(ring: readonly Point<S>[]): readonly Point<S>[] {
  const n = ring.length;
  return ring.map((_, i) => ring[(n / 2 - i + n) % n]!);
}

/** Knots behind the lids would fight with the lids' own. */
function isVisible(
  eye: EyeShape<'source'>,
  frame: CornerFrame<'source'>,
  iris: Iris<'source'>,
  du: number,
  dv: number,
): boolean {
  const { u, v } = toFrame(frame, shifted(iris.centre, frame, du * iris.radiusPx, dv * iris.radiusPx));
  const [upper, lower] = lidLines(eye)(u);
  return v > upper && v < lower;
}

function shifted<S extends Space>(p: Point<S>, frame: CornerFrame<S>, du: number, dv: number): Point<S> {
  return point(p.x + du * frame.along.x - dv * frame.along.y, p.y + du * frame.along.y + dv * frame.along.x);
}

function surroundingKnots(
  target: FaceSquare<'crop'>,
  side: Side,
  source: FaceSquare<'source'>,
  sourceSide: Side,
): Knot<'crop', 'source'>[] {
  if (target.landmarks.length < DENSE_COUNT || source.landmarks.length < DENSE_COUNT) return [];
  const at = [...SURROUNDINGS[side].brow, ...SURROUNDINGS[side].cheek];
  const to = [...SURROUNDINGS[sourceSide].brow, ...SURROUNDINGS[sourceSide].cheek];
  return at.map((index, i) => ({
    at: target.landmarks[index]!,
    to: source.landmarks[to[i]!]!,
    slack: SURROUNDING_SLACK,
  }));
}
