/** Writes one opened eye into a copy of the target square. */
import { type Point, point, type Rect } from '../../src/core/geometry';
import { CHANNELS, type Raster } from '../../src/core/raster';
import { clamp } from '../../src/core/units';
import { bicubicSampler, type Sampler } from '../../src/pixels/sample';
import type { Gaze } from './gaze';
import { lidLines } from './iris';
import { cornerFrame, type EyePlan, fromFrame, toFrame } from './plan';
import { onGrid, type PointMap, thinPlate } from './spline';

/** The warp changes slowly: one exact value every so many corner distances. */
const GRID_STEP = 0.04;
/** Soft edge of the iris disc, in radii. */
const LIMBUS_SOFT = 0.12;
/** The disc is laid a little larger than the iris, so that its own limbus is used. */
const LIMBUS_REACH = 1.08;
/** Lid margins kept free of eyeball pixels, in corner distances. */
const LID_MARGIN = 0.02;

/** Fills `area` of `into` with the warped source: lids and skin as they are, the eyeball turned by `gaze`. */
export function paintEye(
  into: Raster<'crop'>,
  area: Rect<'crop'>,
  source: Raster<'source'>,
  plan: EyePlan,
  gaze: Gaze,
): void {
  const warp = onGrid(
    thinPlate(plan.knots, plan.frame.widthPx),
    area,
    Math.max(2, GRID_STEP * plan.frame.widthPx),
  );
  const sample = bicubicSampler(source);
  const ball = eyeball(plan, gaze, warp, sample);
  const lids = lidLines({ contour: plan.ring, corners: cornersOf(plan) });
  const softPx = Math.max(1, LID_MARGIN * plan.frame.widthPx);
  const from = new Float64Array(2);
  const skin = new Float64Array(3);
  const inner = new Float64Array(3);
  for (let y = area.y; y < area.y + area.height; y++) {
    for (let x = area.x; x < area.x + area.width; x++) {
      const p = point<'crop'>(x + 0.5, y + 0.5);
      warp(p.x, p.y, from);
      sample(from[0]!, from[1]!, skin);
      const { u, v } = toFrame(plan.frame, p);
      const [upper, lower] = lids(u);
      const inLids = Math.abs(u) < plan.frame.widthPx / 2 ? Math.min(v - upper, lower - v) : -1;
      const share = ball ? clamp(inLids / softPx, 0, 1) : 0;
      if (share > 0) ball!(p, inner);
      const k = (y * into.width + x) * CHANNELS;
      for (let c = 0; c < 3; c++)
        into.data[k + c] = skin[c]! * (1 - share) + (share > 0 ? inner[c]! * share : 0);
    }
  }
}

type Painter = (p: Point<'crop'>, rgb: Float64Array) => void;

/** Sclera from the warp, slid along the lids; iris as an unmirrored disc, so that its catchlight stays on its side. */
function eyeball(plan: EyePlan, gaze: Gaze, warp: PointMap, sample: Sampler): Painter | null {
  const { iris, sourceIris, frame } = plan;
  if (!iris || !sourceIris || !gaze.repaint) return null;
  const centre = point<'crop'>(
    iris.centre.x + frame.along.x * gaze.shiftPx,
    iris.centre.y + frame.along.y * gaze.shiftPx,
  );
  const at = toFrame(frame, centre).u;
  const half = frame.widthPx / 2;
  const lids = lidLines({ contour: plan.ring, corners: cornersOf(plan) });
  const marginPx = Math.max(1, LID_MARGIN * frame.widthPx);
  const from = new Float64Array(2);
  const disc = new Float64Array(3);
  const fetchDisc = discPainter(plan, sample);
  return (p, rgb) => {
    const { u, v } = toFrame(frame, p);
    const moved = u - gaze.shiftPx * slide(u, at, iris.radiusPx, half);
    const [upper, lower] = lids(moved);
    const inside = upper + marginPx < lower - marginPx ? clamp(v, upper + marginPx, lower - marginPx) : v;
    const q = fromFrame(frame, moved, inside);
    warp(q.x, q.y, from);
    sample(from[0]!, from[1]!, rgb);
    if (!plan.mirrored) return;
    const dx = (p.x - centre.x) / iris.radiusPx;
    const dy = (p.y - centre.y) / iris.radiusPx;
    const share = clamp((LIMBUS_REACH - Math.hypot(dx, dy)) / LIMBUS_SOFT, 0, 1);
    if (share === 0) return;
    fetchDisc(dx, dy, disc);
    for (let c = 0; c < 3; c++) rgb[c] = rgb[c]! * (1 - share) + disc[c]! * share;
  };
}

/** How much of the iris' shift a place along the lids takes part in: all near the iris, nothing at the corners. */
function slide(u: number, irisAt: number, radiusPx: number, half: number): number {
  const reach = 1.15 * radiusPx;
  const off = u - irisAt;
  if (Math.abs(off) <= reach) return 1;
  const end = off > 0 ? half : -half;
  const start = irisAt + Math.sign(off) * reach;
  if ((end - start) * Math.sign(off) <= 0) return 1;
  return clamp((end - u) / (end - start), 0, 1);
}

/** The source's iris as it stands in its own picture (never mirrored), by offsets in radii. Lids are not copied. */
function discPainter(plan: EyePlan, sample: Sampler): (dx: number, dy: number, rgb: Float64Array) => void {
  const iris = plan.sourceIris!;
  const ring = plan.mirrored ? unmirrored(plan.sourceRing) : plan.sourceRing;
  const n = ring.length;
  const eye = { contour: ring, corners: [ring[0]!, ring[n / 2]!] as const };
  const frame = cornerFrame(eye);
  const lids = lidLines(eye);
  const marginPx = LID_MARGIN * frame.widthPx;
  return (dx, dy, rgb) => {
    const at = point<'source'>(iris.centre.x + dx * iris.radiusPx, iris.centre.y + dy * iris.radiusPx);
    const { u, v } = toFrame(frame, at);
    const [upper, lower] = lids(u);
    const q = fromFrame(frame, u, clamp(v, upper + marginPx, Math.max(upper + marginPx, lower - marginPx)));
    sample(q.x, q.y, rgb);
  };
}

function unmirrored<T>(ring: readonly T[]): readonly T[] {
  const n = ring.length;
  return ring.map((_, i) => ring[(n / 2 - i + n) % n]!);
}

function cornersOf(plan: EyePlan): readonly [Point<'crop'>, Point<'crop'>] {
  const half = plan.frame.widthPx / 2;
  return [fromFrame(plan.frame, -half, 0), fromFrame(plan.frame, half, 0)];
}
