/** The warped eye brought into the light of its new place. */
import type { Rect } from '../../src/core/geometry';
import { CHANNELS, type Plane, type Raster } from '../../src/core/raster';
import { clamp } from '../../src/core/units';
import { applyGains, fitGains } from '../../src/pixels/colour';
import { linearOf } from '../../src/pixels/light';
import { polygonDistancePx } from '../../src/pixels/mask';
import type { EyePlan } from './plan';
import { fieldOnGrid } from './spline';

/**
 * An eyeball follows the light of the skin round it only in part: between the two eyes of 101 faces the logarithm
 * of its brightness changes 0.3 times as much as that of the skin (moist sphere, lit from everywhere in front).
 */
const EYEBALL_SHARE = 0.38;
/** However dark its place, an eyeball stays brighter by this logarithm at most: more would glow. */
const MOST_LEFT_BRIGHT = 0.4;
/** The distance to the lids is measured this densely, in corner distances. */
const GRID_STEP = 0.025;
/** The brightest skin of the surroundings, and what is left of light beyond it. */
const HIGHLIGHT_QUANTILE = 0.98;
const HIGHLIGHT_REST = 0.25;
/** Width of the change at the lid margins, in corner distances. */
const LID_SOFT = 0.05;

/** Changes `area` of `patch` (the caller's own copy) to the light that `ring` shows in the target. */
export function relight(
  target: Raster<'crop'>,
  patch: Raster<'crop'>,
  ring: Plane<'0..1'>,
  area: Rect<'crop'>,
  plan: EyePlan,
): void {
  const softPx = LID_SOFT * plan.frame.widthPx;
  const toLids = fieldOnGrid(
    (x, y) => polygonDistancePx(plan.ring, x, y),
    area,
    Math.max(1, GRID_STEP * plan.frame.widthPx),
  );
  const lit = applyGains(patch, fitGains(target, patch, ring, area), (logGain, index) => {
    const x = (index % target.width) + 0.5;
    const y = Math.floor(index / target.width) + 0.5;
    const inside = clamp(0.5 - toLids(x, y) / softPx, 0, 1);
    return logGain - inside * Math.max(-MOST_LEFT_BRIGHT, (1 - EYEBALL_SHARE) * logGain);
  });
  const brightest = brightestSkin(target, ring, area);
  for (let y = area.y; y < area.y + area.height; y++) {
    for (let x = area.x; x < area.x + area.width; x++)
      if (toLids(x + 0.5, y + 0.5) > 0) dim(lit.data, (y * target.width + x) * CHANNELS, brightest);
    const from = (y * target.width + area.x) * CHANNELS;
    patch.data.set(lit.data.subarray(from, from + area.width * CHANNELS), from);
  }
}

/** Luma code that few of the ring's pixels exceed. */
function brightestSkin(target: Raster<'crop'>, ring: Plane<'0..1'>, area: Rect<'crop'>): number {
  const counts = new Uint32Array(256);
  let total = 0;
  for (let y = area.y; y < area.y + area.height; y++)
    for (let x = area.x; x < area.x + area.width; x++) {
      const index = y * target.width + x;
      if (ring.data[index]! <= 0) continue;
      const luma = Math.round(lumaAt(target.data, index * CHANNELS));
      counts[luma] = counts[luma]! + 1;
      total++;
    }
  let rest = total * (1 - HIGHLIGHT_QUANTILE);
  let code = 255;
  while (code > 0 && rest > counts[code]!) rest -= counts[code--]!;
  return code;
}

/** Skin brighter than any round it (a sheen that was in shadow and has been lit up) is brought back near to it. */
function dim(data: Uint8ClampedArray, k: number, brightest: number): void {
  const luma = lumaAt(data, k);
  if (luma <= brightest) return;
  const gain = (brightest + HIGHLIGHT_REST * (luma - brightest)) / luma;
  for (let c = 0; c < 3; c++) data[k + c] = data[k + c]! * gain;
}

function lumaAt(data: Uint8ClampedArray, k: number): number {
  return 0.299 * data[k]! + 0.587 * data[k + 1]! + 0.114 * data[k + 2]!;
}

/** Mean logarithm of target / patch on the ring, in linear light: 0 = equally bright. */
export function lightRatio(
  target: Raster<'crop'>,
  patch: Raster<'crop'>,
  ring: Plane<'0..1'>,
  area: Rect<'crop'>,
): number {
  let wanted = 0;
  let found = 0;
  for (let y = area.y; y < area.y + area.height; y++)
    for (let x = area.x; x < area.x + area.width; x++) {
      const index = y * target.width + x;
      wanted += ring.data[index]! * linearOf(target.data[index * CHANNELS + 1]!);
      found += ring.data[index]! * linearOf(patch.data[index * CHANNELS + 1]!);
    }
  return wanted > 0 && found > 0 ? Math.log(wanted / found) : 0;
}
