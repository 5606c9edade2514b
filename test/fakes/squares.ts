import type { Blended, Candidate } from '../../src/core/generation';
import { type Rect, rect } from '../../src/core/geometry';
import { type Plane, plane, type Raster, raster } from '../../src/core/raster';
import { paste } from '../../workers/photo/patch';

/** A blended square that covers its whole frame. */
export function wholeSquare(pixels: Raster<'crop'>, alpha: Plane<'0..1'>): Blended {
  return { sidePx: pixels.width, area: wholeArea(pixels), pixels, alpha };
}

export function wholeArea({
  width,
  height,
}: {
  readonly width: number;
  readonly height: number;
}): Rect<'crop'> {
  return rect(0, 0, width, height);
}

/** The candidate over its whole target, so that places in it are places in the square. */
export function onWhole(candidate: Candidate, target: Raster<'crop'>): Candidate {
  const { area, pixels, mask, core } = candidate;
  const whole = raster<'crop'>(target.width, target.height, new Uint8ClampedArray(target.data));
  paste(whole, pixels, area);
  const spread = (part: Plane<'0..1'>) => {
    const full = plane<'0..1'>(target.width, target.height);
    for (let y = 0; y < area.height; y += 1) {
      const row = part.data.subarray(y * area.width, (y + 1) * area.width);
      full.data.set(row, (area.y + y) * target.width + area.x);
    }
    return full;
  };
  return {
    ...candidate,
    area: wholeArea(target),
    pixels: whole,
    mask: spread(mask),
    ...(core ? { core: spread(core) } : {}),
  };
}
