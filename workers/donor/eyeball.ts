/** The eyeball between the new lids: turned to the wanted gaze, its catchlight on the side of the light. */
import { type Point, point } from '../../src/core/geometry';
import { clamp } from '../../src/core/units';
import { cornerFrame, fromFrame, type Iris, lidLines, toFrame } from '../../src/pixels/cornerFrame';
import type { Sampler } from '../../src/pixels/sample';
import type { Gaze } from './gaze';
import { cornersOf, type EyePlan, unmirroredRing } from './plan';
import type { PointMap } from './spline';

export type Painter = (p: Point<'crop'>, rgb: Float64Array) => void;

/** Soft edge of the iris disc, in radii. */
const LIMBUS_SOFT = 0.12;
/** The disc is laid a little larger than the iris, so that its own limbus is used. */
const LIMBUS_REACH = 1.08;
/** What moves with the iris without being stretched, in radii. */
const RIGID_REACH = 1.12;
/** Lid margins kept free of eyeball pixels, in corner distances. */
const LID_MARGIN = 0.02;
/** An unmirrored eyeball has the wrong eye's corners: this much of each half is left to the mirrored warp. */
const CORNER_KEPT = 0.3;

/** Null when nothing has to be painted apart from the lids. */
export function eyeball(plan: EyePlan, gaze: Gaze, warp: PointMap, sample: Sampler): Painter | null {
  const { iris, sourceIris, frame } = plan;
  if (gaze.kind === 'as-warped' || !iris || !sourceIris) return null;
  const centre = point<'crop'>(
    iris.centre.x + frame.along.x * gaze.shiftPx,
    iris.centre.y + frame.along.y * gaze.shiftPx,
  );
  const target = { centre, radiusPx: iris.radiusPx };
  const mirrored = slidden(plan, gaze.shiftPx, target, warp, sample);
  if (!plan.mirrored) return mirrored;
  return gaze.kind === 'unmirrored'
    ? unmirroredBall(plan, target, sourceIris, mirrored, sample)
    : withUnmirroredIris(plan, target, sourceIris, mirrored, sample);
}

/** Sclera and iris of the warp, slid along the lids; the corners stay. */
function slidden(
  plan: EyePlan,
  shiftPx: number,
  iris: Iris<'crop'>,
  warp: PointMap,
  sample: Sampler,
): Painter {
  const { frame } = plan;
  const half = frame.widthPx / 2;
  const at = toFrame(frame, iris.centre).u;
  const reach = RIGID_REACH * iris.radiusPx;
  const along = stretches(
    [-half, at - reach, at + reach, half],
    [-half, at - reach - shiftPx, at + reach - shiftPx, half],
  );
  const lids = lidLines({ contour: plan.ring, corners: cornersOf(plan) });
  const marginPx = Math.max(1, LID_MARGIN * frame.widthPx);
  const from = new Float64Array(2);
  return (p, rgb) => {
    const { u, v } = toFrame(frame, p);
    const moved = along(u);
    const q = fromFrame(frame, moved, between(v, lids(moved), marginPx));
    warp(q.x, q.y, from);
    sample(from[0]!, from[1]!, rgb);
  };
}

/** Only the iris comes unmirrored: its catchlight and its shading keep their sides. */
function withUnmirroredIris(
  plan: EyePlan,
  iris: Iris<'crop'>,
  sourceIris: Iris<'source'>,
  sclera: Painter,
  sample: Sampler,
): Painter {
  const source = sourceOpening(plan);
  const disc = new Float64Array(3);
  return (p, rgb) => {
    sclera(p, rgb);
    const dx = (p.x - iris.centre.x) / iris.radiusPx;
    const dy = (p.y - iris.centre.y) / iris.radiusPx;
    const share = clamp((LIMBUS_REACH - Math.hypot(dx, dy)) / LIMBUS_SOFT, 0, 1);
    if (share === 0) return;
    const { u, v } = toFrame(
      source.frame,
      point<'source'>(
        sourceIris.centre.x + dx * sourceIris.radiusPx,
        sourceIris.centre.y + dy * sourceIris.radiusPx,
      ),
    );
    const q = fromFrame(source.frame, u, between(v, source.lids(u), source.marginPx));
    sample(q.x, q.y, disc);
    for (let c = 0; c < 3; c++) rgb[c] = rgb[c]! * (1 - share) + disc[c]! * share;
  };
}

/** The whole eyeball comes unmirrored, for eyes that look aside: white and iris are where they belong already. */
function unmirroredBall(
  plan: EyePlan,
  iris: Iris<'crop'>,
  sourceIris: Iris<'source'>,
  corners: Painter,
  sample: Sampler,
): Painter {
  const { frame, scale } = plan;
  const source = sourceOpening(plan);
  const half = frame.widthPx / 2;
  const sourceHalf = source.frame.widthPx / 2;
  const at = toFrame(frame, iris.centre);
  const sourceAt = toFrame(source.frame, sourceIris.centre);
  const reach = RIGID_REACH * iris.radiusPx;
  const sourceReach = reach / scale;
  const along = stretches(
    [-half, at.u - reach, at.u + reach, half],
    [-sourceHalf, sourceAt.u - sourceReach, sourceAt.u + sourceReach, sourceHalf],
  );
  const inner = new Float64Array(3);
  return (p, rgb) => {
    corners(p, rgb);
    const { u, v } = toFrame(frame, p);
    const share = clamp((half - Math.abs(u)) / (CORNER_KEPT * half), 0, 1);
    const moved = along(u);
    const level = sourceAt.v + (v - at.v) / scale;
    const q = fromFrame(source.frame, moved, between(level, source.lids(moved), source.marginPx));
    sample(q.x, q.y, inner);
    for (let c = 0; c < 3; c++) rgb[c] = rgb[c]! * (1 - share) + inner[c]! * share;
  };
}

function sourceOpening(plan: EyePlan) {
  const contour = unmirroredRing(plan);
  const eye = { contour, corners: [contour[0]!, contour[contour.length / 2]!] as const };
  const frame = cornerFrame(eye);
  return { frame, lids: lidLines(eye), marginPx: LID_MARGIN * frame.widthPx };
}

/** Piecewise linear from one scale to another; knots that overtake each other are pushed together. */
function stretches(from: readonly number[], to: readonly number[]): (value: number) => number {
  const knots = from.map((value, i) => ({ value, to: to[i]! })).sort((a, b) => a.value - b.value);
  return (value) => {
    const i = Math.max(
      1,
      knots.findIndex((knot, k) => k > 0 && (value <= knot.value || k === knots.length - 1)),
    );
    const p = knots[i - 1]!;
    const q = knots[i]!;
    const t = q.value - p.value < 1e-6 ? 1 : (value - p.value) / (q.value - p.value);
    return p.to + (q.to - p.to) * clamp(t, 0, 1);
  };
}

function between(v: number, [upper, lower]: readonly [number, number], marginPx: number): number {
  return upper + marginPx < lower - marginPx
    ? clamp(v, upper + marginPx, lower - marginPx)
    : (upper + lower) / 2;
}
