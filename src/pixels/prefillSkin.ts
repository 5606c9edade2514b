/** What goes where a closed lid was: skin carried in from round the mask. */
import type { Rgb } from '../core/colour';
import type { EyeMaskShape } from '../core/crop';
import { type Rect, rect, type Space } from '../core/geometry';
import { CHANNELS, type Plane, plane, type Raster, raster } from '../core/raster';
import { maskBounds, maskDepthPx, rasteriseMask } from './mask';
import { joinAtRim } from './membrane';

/** Skin is read within this far of the mask, in its half widths. */
const BAND = 0.12;

export interface Skin<S extends Space> {
  /** Under the mask the smoothest surface that meets the picture round it; elsewhere of no meaning. */
  readonly pixels: Raster<S>;
  /** Where the picture is to be replaced: 1 inside the mask, 0 outside, between them at its edge. */
  readonly mask: Plane<'0..1'>;
  /** Holds every masked pixel. */
  readonly area: Rect<S>;
  /** Mean of what was read. */
  readonly mean: Rgb;
}

/** Null when the mask lies outside the picture or covers it. */
export function skinUnder<S extends Space>(picture: Raster<S>, shape: EyeMaskShape<S>): Skin<S> | null {
  const { width, height } = picture;
  const bandPx = Math.max(2, BAND * shape.halfWidthPx);
  const grown = {
    ...shape,
    halfWidthPx: shape.halfWidthPx + bandPx,
    halfHeightPx: shape.halfHeightPx + bandPx,
    dilatePx: shape.dilatePx + bandPx,
  };
  const area = maskBounds(grown, rect(0, 0, width, height));
  const mask = rasteriseMask(shape, width, height);
  const around = plane<'0..1'>(width, height);
  const flat = raster<S>(width, height);
  const sums = [0, 0, 0];
  let count = 0;
  for (let y = area.y; y < area.y + area.height; y++)
    for (let x = area.x; x < area.x + area.width; x++) {
      const i = y * width + x;
      if (maskDepthPx(grown, x + 0.5, y + 0.5) < 0) continue;
      around.data[i] = 1;
      if (mask.data[i]! > 0) continue;
      count++;
      for (let c = 0; c < 3; c++) sums[c]! += picture.data[i * CHANNELS + c]!;
    }
  if (count === 0) return null;
  const [red, green, blue] = sums.map((sum) => sum / count) as [number, number, number];
  for (let y = area.y; y < area.y + area.height; y++)
    for (let x = area.x; x < area.x + area.width; x++)
      flat.data.set([red, green, blue], (y * width + x) * CHANNELS);
  return { pixels: joinAtRim(picture, flat, around, mask, area), mask, area, mean: { red, green, blue } };
}
