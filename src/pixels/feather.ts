import type { Rect, Space } from '../core/geometry';
import { expectSameSize, type Plane, plane } from '../core/raster';
import { smoothstep } from '../core/units';
import { distancesTo } from './distance';

/** Without a core the edge may take at most this share of the mask's depth, so that its middle stays whole. */
const DEEPEST_SHARE = 0.6;

/**
 * Soft edge that lies wholly inside the mask: exactly 0 outside and at its rim, 1 from `featherPx` inwards
 * and everywhere in the core, which narrows the edge where it comes near the rim. Edge profile: smoothstep.
 * @param area holds every masked pixel.
 */
export function featherInside(
  mask: Plane<'0..1'>,
  core: Plane<'0..1'> | null,
  featherPx: number,
  area: Rect<Space>,
): Plane<'0..1'> {
  if (core) expectSameSize(mask, core);
  const alpha = plane<'0..1'>(mask.width, mask.height);
  const width = area.width + 2;
  const height = area.height + 2;
  const indexOf = (i: number): number => {
    const x = area.x + (i % width) - 1;
    const y = area.y + Math.floor(i / width) - 1;
    const within = x >= 0 && y >= 0 && x < mask.width && y < mask.height;
    return within ? y * mask.width + x : -1;
  };
  const masked = (i: number) => {
    const index = indexOf(i);
    return index >= 0 && mask.data[index]! >= 0.5;
  };
  const toRim = distancesTo(width, height, (i) => !masked(i));
  const toCore = core && distancesTo(width, height, (i) => masked(i) && core.data[indexOf(i)]! >= 0.5);
  const deepest = core ? 0 : toRim.reduce((most, d) => Math.max(most, d), 0);
  for (let i = 0; i < toRim.length; i++) {
    const rim = toRim[i]!;
    if (rim === 0) continue;
    const room = toCore ? rim + toCore[i]! : DEEPEST_SHARE * deepest;
    const edge = Math.max(1, Math.min(featherPx, room));
    alpha.data[indexOf(i)] = smoothstep((rim - 0.5) / edge);
  }
  return alpha;
}
