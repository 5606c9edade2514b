/** Tells whether something that is not skin (a rim, hair, a hand) lies where the eye has to be replaced. */
import type { Rect, Space } from '../../src/core/geometry';
import { CHANNELS, type Plane, type Raster } from '../../src/core/raster';
import { applyGains, fitGains } from '../../src/pixels/colour';
import { linearOf } from '../../src/pixels/light';

export interface LightFit {
  /** Mean log gain of luma over the skin: 0 = same brightness. */
  readonly brightness: number;
  /** Share of the skin round the eye that stays different under the fitted light. */
  readonly mismatch: number;
}

/** Log ratio of light beyond which a cell is something else: 0.45 = 1.57 times brighter or darker. */
const DIFFERENT = 0.45;
const CELLS = 32;

/** Compares target and patch on `ring` after bringing the patch to the target's light. */
export function compareLight(
  target: Raster<Space>,
  patch: Raster<Space>,
  ring: Plane<'0..1'>,
  area: Rect<Space>,
): LightFit {
  const field = fitGains(target, patch, ring, area);
  const lit = applyGains(patch, field);
  const cellPx = Math.max(1, Math.ceil(Math.max(area.width, area.height) / CELLS));
  let weight = 0;
  let different = 0;
  let brightness = 0;
  for (let top = area.y; top < area.y + area.height; top += cellPx)
    for (let left = area.x; left < area.x + area.width; left += cellPx) {
      const cell = cellLight(target, patch, lit, ring, left, top, cellPx, area);
      weight += cell.weight;
      brightness += cell.weight * Math.log(cell.target / cell.patch);
      if (Math.abs(Math.log(cell.target / cell.lit)) > DIFFERENT) different += cell.weight;
    }
  return weight > 0
    ? { brightness: brightness / weight, mismatch: different / weight }
    : { brightness: 0, mismatch: 0 };
}

function cellLight(
  target: Raster<Space>,
  patch: Raster<Space>,
  lit: Raster<Space>,
  ring: Plane<'0..1'>,
  left: number,
  top: number,
  cellPx: number,
  area: Rect<Space>,
): { readonly weight: number; readonly target: number; readonly patch: number; readonly lit: number } {
  /** Linear light that keeps deep shadow from deciding. */
  const dark = 0.01;
  const sums = { weight: 0, target: 0, patch: 0, lit: 0 };
  for (let y = top; y < Math.min(top + cellPx, area.y + area.height); y++)
    for (let x = left; x < Math.min(left + cellPx, area.x + area.width); x++) {
      const index = y * target.width + x;
      const w = ring.data[index]!;
      if (w <= 0) continue;
      sums.weight += w;
      sums.target += w * lightAt(target, index);
      sums.patch += w * lightAt(patch, index);
      sums.lit += w * lightAt(lit, index);
    }
  const mean = (sum: number) => (sums.weight > 0 ? sum / sums.weight : 0) + dark;
  return { weight: sums.weight, target: mean(sums.target), patch: mean(sums.patch), lit: mean(sums.lit) };
}

function lightAt(picture: Raster<Space>, index: number): number {
  const k = index * CHANNELS;
  return (
    0.2126 * linearOf(picture.data[k]!) +
    0.7152 * linearOf(picture.data[k + 1]!) +
    0.0722 * linearOf(picture.data[k + 2]!)
  );
}
