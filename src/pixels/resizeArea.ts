import type { Space } from '../core/geometry';
import { CHANNELS, type Raster, raster, wordsOf } from '../core/raster';
import { meanOfCells } from './areaCells';
import { placeLinearly, resizeLinear } from './resizeLinear';
import { type Place, scaleOf } from './separable';

/**
 * `cv2.resize(…, (width, height), interpolation=INTER_AREA)` on 8-bit RGBA, all channels alike (alpha is no
 * weight: `resample` has that), bit for bit (spec D.5): the mean over the source area under each target
 * pixel, added up in float32. Where an axis grows, OpenCV interpolates linearly in both, in a way of its own.
 * @throws RangeError when the size is not whole and positive
 */
export function resizeArea<S extends Space, T extends Space>(
  source: Raster<S>,
  width: number,
  height: number,
): Raster<T> {
  const target = raster<T>(width, height);
  const across = scaleOf(source.width, width);
  const down = scaleOf(source.height, height);
  if (width > source.width || height > source.height) placeLinearly(source, target, grownPlace);
  else if (!isWhole(across) || !isWhole(down)) meanOfCells(source, target);
  else if (across === 2 && down === 2) return resizeLinear(source, width, height);
  else meanOfBlocks(source, target, Math.round(across), Math.round(down));
  return target;
}

function isWhole(scale: number): boolean {
  return Math.abs(scale - Math.round(scale)) < Number.EPSILON;
}

/** Copies of a pixel's value over its area, mixed only where a target pixel straddles two. */
function grownPlace(i: number, from: number, to: number): Place {
  const index = Math.floor(i * scaleOf(from, to));
  const beyond = Math.fround(i + 1 - (index + 1) * (to / from));
  return { index, fraction: beyond <= 0 ? 0 : Math.fround(beyond - Math.floor(beyond)) };
}

/** Blocks of `across` × `down` whole pixels: sums in integers. */
function meanOfBlocks(source: Raster<Space>, target: Raster<Space>, across: number, down: number): void {
  const words = wordsOf(source);
  const share = Math.fround(1 / (across * down));
  for (let y = 0, o = 0; y < target.height; y += 1) {
    for (let x = 0; x < target.width; x += 1, o += CHANNELS) {
      let red = 0;
      let green = 0;
      let blue = 0;
      let alpha = 0;
      for (let row = y * down; row < (y + 1) * down; row += 1) {
        const start = row * source.width + x * across;
        for (let i = start; i < start + across; i += 1) {
          const word = words[i]!;
          red += word & 0xff;
          green += (word >>> 8) & 0xff;
          blue += (word >>> 16) & 0xff;
          alpha += word >>> 24;
        }
      }
      target.data[o] = Math.fround(Math.fround(red) * share);
      target.data[o + 1] = Math.fround(Math.fround(green) * share);
      target.data[o + 2] = Math.fround(Math.fround(blue) * share);
      target.data[o + 3] = Math.fround(Math.fround(alpha) * share);
    }
  }
}
