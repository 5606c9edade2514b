/** A photo with its halves: whatever is asked of it at a smaller size costs about the same for 12 MP and for 100 MP. */
import { type Affine, compose, type Rect, type Space, scaleOf, scaling } from '../../src/core/geometry';
import type { Raster } from '../../src/core/raster';
import { halve } from '../../src/pixels/halve';
import { resample } from '../../src/pixels/resample';
import { REPLICATE, warpRaster } from '../../src/pixels/warp';

/** Halving ends when no side is longer. */
const SMALLEST_SIDE_PX = 1024;
/** Up to this shrink factor bicubic alone is sharp and free of moiré; beyond, twice as many samples are averaged. */
const PLAIN_SHRINK = 1.15;

/** The picture and its halves, largest first: level k has a 2^k-th of the size. */
export type Pyramid<S extends Space> = readonly [Raster<S>, ...Raster<S>[]];

export function pyramidOf<S extends Space>(
  picture: Raster<S>,
  smallestSidePx = SMALLEST_SIDE_PX,
): Pyramid<S> {
  const levels: [Raster<S>, ...Raster<S>[]] = [picture];
  for (let last = picture; Math.max(last.width, last.height) > smallestSidePx; ) {
    last = halve<S, S>(last);
    levels.push(last);
  }
  return levels;
}

export function bytesOf(pyramid: Pyramid<Space>): number {
  return pyramid.reduce((sum, level) => sum + level.data.byteLength, 0);
}

/** A part at another size, read from the smallest level that still has every detail. */
export function regionOf(
  pyramid: Pyramid<'photo'>,
  area: Rect<'photo'>,
  width: number,
  height: number,
): Raster<'view'> {
  const { level, factor } = levelFor(pyramid, Math.min(area.width / width, area.height / height));
  const scaled = {
    x: area.x / factor,
    y: area.y / factor,
    width: area.width / factor,
    height: area.height / factor,
  };
  return resample<'photo', 'view'>(level, scaled, width, height);
}

/**
 * Rows `top` to `top + rows` of the raster whose pixel at p is the picture's at `toSource(p)`, edge repeated:
 * bicubic at or above the picture's own scale, averaged below.
 */
export function warpedRows<F extends Space, S extends Space>(
  pyramid: Pyramid<S>,
  toSource: Affine<F, S>,
  size: { readonly width: number; readonly top: number; readonly rows: number },
): Raster<F> {
  const shrink = scaleOf(toSource);
  const { level, factor } = levelFor(pyramid, shrink);
  const samples = shrink / factor > PLAIN_SHRINK ? 2 : 1;
  const finer: Affine<F, F> = { a: 1 / samples, b: 0, c: 0, d: 1 / samples, tx: 0, ty: size.top };
  const toLevel = compose(compose(finer, toSource), scaling<S, S>(1 / factor, 1 / factor));
  const warped = warpRaster<S, F>(level, toLevel, {
    width: size.width * samples,
    height: size.rows * samples,
    border: REPLICATE,
    filter: samples > 1 ? 'bilinear' : 'bicubic',
  });
  return samples > 1 ? halve<F, F>(warped) : warped;
}

function levelFor<S extends Space>(
  pyramid: Pyramid<S>,
  shrink: number,
): { level: Raster<S>; factor: number } {
  const wanted = Math.floor(Math.log2(Math.max(shrink, 1)));
  const index = Math.min(wanted, pyramid.length - 1);
  return { level: pyramid[index]!, factor: 2 ** index };
}
