/** Writes one opened eye into a copy of the target square. */
import { point, type Rect } from '../../src/core/geometry';
import { CHANNELS, type Raster } from '../../src/core/raster';
import { clamp } from '../../src/core/units';
import { lidLines, toFrame } from '../../src/pixels/cornerFrame';
import { bicubicSampler } from '../../src/pixels/sample';
import { eyeball } from './eyeball';
import type { Gaze } from './gaze';
import { cornersOf, type EyePlan } from './plan';
import { onGrid, thinPlate } from './spline';

/** The warp changes slowly: one exact value every so many corner distances. */
const GRID_STEP = 0.04;
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
