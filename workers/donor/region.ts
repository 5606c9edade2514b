/** Which pixels of the opened eye are taken, and which of them must be. */
import type { EyeMaskShape } from '../../src/core/crop';
import type { EyeShape, Side } from '../../src/core/face';
import type { FaceSquare } from '../../src/core/generation';
import { boundsOf, type Point, point, type Rect, rect, type Space } from '../../src/core/geometry';
import type { Plane } from '../../src/core/raster';
import { clamp, REFERENCE_SIDE_PX } from '../../src/core/units';
import { cornerFrame, fromFrame, toFrame } from '../../src/pixels/cornerFrame';
import { maskDepthPx, polygonDistancePx } from '../../src/pixels/mask';
import { DENSE_COUNT, NOSE_RIDGE } from './landmarks';
import type { EyePlan } from './plan';
import { fieldOnGrid, thinPlate } from './spline';

/** The soft edge may lie this far outside the mask shape: the default feather, px at a square of 512. */
const GROW_PX_512 = 25;
/** Kept free below the brow hair, in corner distances. */
const BROW_GAP = 0.02;
/** Lashes and lid edge round the opening, and the lashes of the closed lid, in corner distances. */
const OPENING_REACH = 0.07;
const OLD_LASH_REACH = 0.1;
/** Lashes of a closed lid lie downwards and out: the old lash line is widened by this much there. */
const OLD_LASH_FALL = 0.08;
const OLD_LASH_OUT = 0.16;
/** Room left round rims and hair, and the width round the core that is taken in spite of them. */
const CLEARANCE = 0.03;
const CORE_KEEPS = 0.06;
/** The soft edge is never narrower than this, in corner distances. */
const LEAST_EDGE = 0.08;
/** Distance fields are measured this densely, in corner distances. */
const GRID_STEP = 0.03;

export interface EyeRegion {
  readonly area: Rect<'crop'>;
  /** Positive inside what may be painted, px. */
  readonly depthPx: (x: number, y: number) => number;
  /** Positive inside what must be painted: opening, lashes, the closed lash line. */
  readonly coreDepthPx: (x: number, y: number) => number;
  /** Least width of the soft edge: the core keeps this far from the rim. */
  readonly edgePx: number;
}

/** The mask shape grown by the feather, never over the brow, the nose ridge or the edge of the face. */
export function eyeRegion(
  target: FaceSquare<'crop'>,
  side: Side,
  source: FaceSquare<'source'>,
  shape: EyeMaskShape<'crop'>,
  plan: EyePlan,
): EyeRegion {
  const { widthPx } = plan.frame;
  const within = rect<'crop'>(0, 0, target.pixels.width, target.pixels.height);
  const growPx = (GROW_PX_512 * target.pixels.width) / REFERENCE_SIDE_PX;
  const reach = { x: shape.halfWidthPx + growPx, y: shape.halfHeightPx + growPx };
  const corners = [-1, 1].flatMap((i) => [-1, 1].map((j) => fromFrame(plan.frame, i * reach.x, j * reach.y)));
  const area = boundsOf(corners, 2, within);
  const grown: EyeMaskShape<'crop'> = {
    ...shape,
    halfWidthPx: reach.x,
    halfHeightPx: reach.y,
    contour: [],
    brow: shape.brow.map((p) => point<'crop'>(p.x, p.y + BROW_GAP * widthPx)),
  };
  const face = outline(target);
  const donorFace = faceOfDonor(source, plan);
  const nose = noseSide(target, plan);
  const stepPx = Math.max(1, GRID_STEP * widthPx);
  const allowed = (x: number, y: number) =>
    Math.min(
      maskDepthPx(grown, x, y),
      face ? -polygonDistancePx(face, x, y) : Infinity,
      donorFace(x, y),
      nose(x, y),
    );
  const oldRing = lashBand(target.eyes[side], side);
  const needed = (x: number, y: number) =>
    Math.max(
      OPENING_REACH * widthPx - polygonDistancePx(plan.ring, x, y),
      OLD_LASH_REACH * widthPx - polygonDistancePx(oldRing, x, y),
    );
  return {
    area,
    depthPx: fieldOnGrid(allowed, area, stepPx),
    coreDepthPx: fieldOnGrid(needed, area, stepPx),
    edgePx: LEAST_EDGE * widthPx,
  };
}

/** The region without foreign things and a little room round them; the core stays. */
export function cleared(
  region: EyeRegion,
  clearancePx: (x: number, y: number) => number,
  widthPx: number,
): EyeRegion {
  const { depthPx, coreDepthPx } = region;
  const keptPx = CORE_KEEPS * widthPx;
  return {
    ...region,
    depthPx: (x, y) =>
      Math.min(depthPx(x, y), Math.max(clearancePx(x, y) - CLEARANCE * widthPx, coreDepthPx(x, y) + keptPx)),
  };
}

/** Share of the lid ring that lies where nothing may be painted: beyond the face, the nose or the brow. */
export function outOfReach(region: EyeRegion, plan: EyePlan): number {
  const out = plan.ring.filter((p) => region.depthPx(p.x, p.y) < 0);
  return out.length / plan.ring.length;
}

/** Adds one eye to the planes of a candidate. */
export function drawRegion(mask: Plane<'0..1'>, core: Plane<'0..1'>, region: EyeRegion): void {
  const { area } = region;
  for (let y = area.y; y < area.y + area.height; y++)
    for (let x = area.x; x < area.x + area.width; x++) {
      const index = y * mask.width + x;
      const depth = region.depthPx(x + 0.5, y + 0.5);
      const inside = clamp(depth + 0.5, 0, 1);
      mask.data[index] = Math.max(mask.data[index]!, inside);
      const coreDepth = Math.min(region.coreDepthPx(x + 0.5, y + 0.5), depth - region.edgePx);
      const inner = clamp(coreDepth + 0.5, 0, 1);
      core.data[index] = Math.max(core.data[index]!, inner);
    }
}

/** The closed ring let down over the fallen lashes and drawn out to the temple, where they lie longest. */
function lashBand(eye: EyeShape<'crop'>, side: Side): readonly Point<'crop'>[] {
  const frame = cornerFrame(eye);
  const half = eye.contour.length / 2;
  const outer = side === 'right' ? -1 : 1;
  return eye.contour.map((p, i) => {
    const { u, v } = toFrame(frame, p);
    const outwards = Math.max(0, (2 * outer * u) / frame.widthPx) ** 3 * OLD_LASH_OUT;
    const fall = i > half ? OLD_LASH_FALL : OLD_LASH_FALL * Math.min(1, outwards);
    return fromFrame(frame, u + outer * outwards * frame.widthPx, v + fall * frame.widthPx);
  });
}

function outline<S extends Space>(square: FaceSquare<S>): readonly Point<S>[] | null {
  if (square.landmarks.length < DENSE_COUNT) return null;
  return convexHull(square.landmarks.slice(0, DENSE_COUNT));
}

/** Monotone chain (Andrew 1979). The hull of a mesh is its outline in the picture, turned heads included. */
function convexHull<S extends Space>(points: readonly Point<S>[]): readonly Point<S>[] {
  const sorted = points.toSorted((p, q) => p.x - q.x || p.y - q.y);
  const chain = (path: readonly Point<S>[]): Point<S>[] => {
    const hull: Point<S>[] = [];
    for (const p of path) {
      while (hull.length > 1 && turn(hull[hull.length - 2]!, hull[hull.length - 1]!, p) <= 0) hull.pop();
      hull.push(p);
    }
    return hull.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.toReversed())];
}

function turn(a: Point<Space>, b: Point<Space>, c: Point<Space>): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/** Distance to the edge of the donor's face, measured where the warp fetches from: no background is taken. */
function faceOfDonor(source: FaceSquare<'source'>, plan: EyePlan): (x: number, y: number) => number {
  const face = outline(source);
  if (!face) return () => Infinity;
  const warp = thinPlate(plan.knots, plan.frame.widthPx);
  const at = new Float64Array(2);
  return (x, y) => {
    warp(x, y, at);
    return -plan.scale * polygonDistancePx(face, at[0]!, at[1]!);
  };
}

/** Signed distance to the nose ridge, positive on the eye's side; without a mesh there is no limit. */
function noseSide(target: FaceSquare<'crop'>, plan: EyePlan): (x: number, y: number) => number {
  if (target.landmarks.length < DENSE_COUNT) return () => Infinity;
  const ridge = NOSE_RIDGE.map((i) => target.landmarks[i]!);
  const from = ridge[0]!;
  const to = ridge[ridge.length - 1]!;
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const signed = (x: number, y: number) =>
    ((x - from.x) * (to.y - from.y) - (y - from.y) * (to.x - from.x)) / length;
  const sign = Math.sign(signed(plan.frame.origin.x, plan.frame.origin.y));
  return (x, y) => sign * signed(x, y);
}
