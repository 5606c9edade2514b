/** The colours of an open eye, read from its pixels: the iris and the white beside it. */
import { codeOfLight, type Light, luminanceOf, type Rgb } from '../core/colour';
import type { EyeShape } from '../core/face';
import { type Point, point, type Space } from '../core/geometry';
import { LEAST_IRIS_RADIUS_PX } from '../core/painting';
import { CHANNELS, type Raster } from '../core/raster';
import { cornerFrame, type Iris, lidLines, toFrame } from './cornerFrame';
import { measureIris } from './iris';
import { linearOf } from './light';

/** Where the iris is neither pupil (up to half its radius in dim light) nor the dark ring at its rim, in radii. */
const IRIS_FROM = 0.5;
const IRIS_TO = 0.88;
/** Free of the lids, in iris radii: lashes and their shadow lie on the eyeball under the upper one. */
const UNDER_UPPER_LID = 0.3;
const OVER_LOWER_LID = 0.12;
/** Of the pixels by brightness, the part that is kept: darker ones are lash and pupil, brighter ones reflections. */
const IRIS_BAND = [0.2, 0.65] as const;
const SCLERA_BAND = [0.55, 0.95] as const;
/** The white begins this far from the iris' centre, in iris radii, and ends at this share of the way to the corners. */
const SCLERA_FROM = 1.2;
const SCLERA_TO = 0.85;
const FEWEST_PIXELS = 8;
/** Round an eye, this far in iris radii, even a grey iris has rosy skin; in black and white nothing differs by more codes. */
const EYE_REACH = 3;
const MOST_GREY_TINT = 3;

/**
 * Colour of the visible iris, codes 0..255: mean light between pupil and limbus, without highlights, lashes and the
 * upper lid's shadow. Null where it cannot be told: no iris in the shape, a radius below 5 px, lids that leave fewer
 * than 8 pixels, or a black-and-white picture.
 */
export function irisColour<S extends Space>(picture: Raster<S>, eye: EyeShape<S>): Rgb | null {
  const iris = irisOf(picture, eye);
  if (!iris || meanTint(picture, pixelsWithin(picture, iris, 0, EYE_REACH)) <= MOST_GREY_TINT) return null;
  const isFree = betweenLids(eye, UNDER_UPPER_LID * iris.radiusPx, OVER_LOWER_LID * iris.radiusPx);
  return meanLight(picture, pixelsWithin(picture, iris, IRIS_FROM, IRIS_TO).filter(isFree), IRIS_BAND);
}

/**
 * Colour of the white beside the iris, codes 0..255: what light the eye is seen in. Null where `irisColour` cannot tell
 * the iris, or fewer than 8 pixels of white show.
 */
export function scleraColour<S extends Space>(picture: Raster<S>, eye: EyeShape<S>): Rgb | null {
  const iris = irisOf(picture, eye);
  if (!iris) return null;
  const frame = cornerFrame(eye);
  const isFree = betweenLids(eye, UNDER_UPPER_LID * iris.radiusPx, OVER_LOWER_LID * iris.radiusPx);
  const reachPx = (SCLERA_TO * frame.widthPx) / 2;
  const white = pixelsWithin(picture, iris, SCLERA_FROM, frame.widthPx / iris.radiusPx).filter(
    (p) => isFree(p) && Math.abs(toFrame(frame, p).u) < reachPx,
  );
  return meanLight(picture, white, SCLERA_BAND);
}

function irisOf<S extends Space>(picture: Raster<S>, eye: EyeShape<S>): Iris<S> | null {
  const iris = eye.iris && measureIris(picture, eye);
  return iris && iris.radiusPx >= LEAST_IRIS_RADIUS_PX ? iris : null;
}

/** Centres of the pixels whose distance to the iris' centre is within these radii. */
function pixelsWithin<S extends Space>(
  { width, height }: Raster<S>,
  { centre, radiusPx }: Iris<S>,
  from: number,
  to: number,
): Point<S>[] {
  const points: Point<S>[] = [];
  const reachPx = to * radiusPx;
  const bottom = Math.min(height, Math.ceil(centre.y + reachPx));
  const right = Math.min(width, Math.ceil(centre.x + reachPx));
  for (let y = Math.max(0, Math.floor(centre.y - reachPx)); y < bottom; y++)
    for (let x = Math.max(0, Math.floor(centre.x - reachPx)); x < right; x++) {
      const radii = Math.hypot(x + 0.5 - centre.x, y + 0.5 - centre.y) / radiusPx;
      if (radii >= from && radii <= to) points.push(point<S>(x + 0.5, y + 0.5));
    }
  return points;
}

/** Mean difference of the largest and the smallest channel, in codes; 0 of nothing. */
function meanTint<S extends Space>({ width, data }: Raster<S>, pixels: readonly Point<S>[]): number {
  const sum = pixels.reduce((total, p) => {
    const k = (Math.floor(p.y) * width + Math.floor(p.x)) * CHANNELS;
    const [red, green, blue] = [data[k]!, data[k + 1]!, data[k + 2]!];
    return total + Math.max(red, green, blue) - Math.min(red, green, blue);
  }, 0);
  return sum / Math.max(1, pixels.length);
}

function betweenLids<S extends Space>(
  eye: EyeShape<S>,
  underUpperPx: number,
  overLowerPx: number,
): (p: Point<S>) => boolean {
  const frame = cornerFrame(eye);
  const lids = lidLines(eye);
  return (p) => {
    const { u, v } = toFrame(frame, p);
    const [upper, lower] = lids(u);
    return v > upper + underUpperPx && v < lower - overLowerPx;
  };
}

/** Mean light of the pixels whose brightness ranks within the band (shares of all), as codes. */
function meanLight<S extends Space>(
  { width, data }: Raster<S>,
  pixels: readonly Point<S>[],
  [low, high]: readonly [number, number],
): Rgb | null {
  if (pixels.length < FEWEST_PIXELS) return null;
  const lights = pixels
    .map((p): Light => {
      const k = (Math.floor(p.y) * width + Math.floor(p.x)) * CHANNELS;
      return [linearOf(data[k]!), linearOf(data[k + 1]!), linearOf(data[k + 2]!)];
    })
    .sort((p, q) => luminanceOf(p) - luminanceOf(q));
  const kept = lights.slice(Math.floor(low * lights.length), Math.ceil(high * lights.length));
  const mean = (c: 0 | 1 | 2) => codeOfLight(kept.reduce((sum, light) => sum + light[c], 0) / kept.length);
  return { red: mean(0), green: mean(1), blue: mean(2) };
}
