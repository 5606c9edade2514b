/** What a restorer might do to a face square of 512 px: small good, and large harm. */
import { lightsOf, oklabOf } from '../../src/core/colour';
import type { EyeShape } from '../../src/core/face';
import { type Affine, distance, midpoint, type Point } from '../../src/core/geometry';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import { REFERENCE_SIDE_PX as SIDE_PX } from '../../src/core/units';
import { halve } from '../../src/pixels/halve';
import { gaussian } from '../../src/pixels/random';
import { resample } from '../../src/pixels/resample';
import { REPLICATE, warpRaster } from '../../src/pixels/warp';
import { blurred } from '../fakes/blurredSquare';
import { rgbOfOklab } from '../fakes/oklab';

type Square = Raster<'crop'>;
type Code = (code: number, channel: number, pixel: number) => number;

function mapped(square: Square, code: Code): Square {
  const data = square.data.map((value, i) =>
    i % CHANNELS === 3 ? value : Math.round(code(value, i % CHANNELS, Math.floor(i / CHANNELS))),
  );
  return raster(square.width, square.height, data);
}

/** Unsharp mask. */
export function sharpened(square: Square, sigmaPx: number, by: number): Square {
  const soft = blurred(square, sigmaPx);
  return mapped(square, (code, c, pixel) => code + by * (code - soft.data[pixel * CHANNELS + c]!));
}

/** Round the middle of the codes. */
export function contrasted(square: Square, by: number): Square {
  return mapped(square, (code) => 128 + by * (code - 128));
}

/** Of each channel its own. */
export function noised(square: Square, deviation: number, seed: number): Square {
  const values = gaussian(3 * SIDE_PX * SIDE_PX, seed);
  return mapped(square, (code, c, pixel) => code + deviation * values[3 * pixel + c]!);
}

/** To half the size and back. */
export function halved(square: Square): Square {
  const small = halve<'crop', 'crop'>(square);
  const whole = { x: 0, y: 0, width: small.width, height: small.height };
  return resample<'crop', 'crop'>(small, whole, SIDE_PX, SIDE_PX);
}

/** Round the middle of the square. */
export function widened(square: Square, by: number): Square {
  const toSource: Affine<'crop', 'crop'> = {
    a: 1 / by,
    b: 0,
    c: 0,
    d: 1,
    tx: (SIDE_PX / 2) * (1 - 1 / by),
    ty: 0,
  };
  return warpRaster<'crop', 'crop'>(square, toSource, {
    width: SIDE_PX,
    height: SIDE_PX,
    border: REPLICATE,
    filter: 'bicubic',
  });
}

/** The skin below the eye drawn over it, softly. */
export function covered(square: Square, eyes: readonly EyeShape<'crop'>[]): Square {
  return eyes.reduce((picture, { corners }) => {
    const middle = midpoint(...corners);
    const reachPx = 0.75 * distance(...corners);
    const downPx = Math.round(0.75 * reachPx + 14);
    return mapped(picture, (code, c, pixel) => {
      const [x, y] = [pixel % SIDE_PX, Math.floor(pixel / SIDE_PX)];
      const away = Math.hypot((x + 0.5 - middle.x) / reachPx, (y + 0.5 - middle.y) / (0.55 * reachPx));
      const share = Math.min(1, Math.max(0, 4 * (1 - away)));
      if (share === 0) return code;
      const under = picture.data[((Math.round(middle.y) + downPx) * SIDE_PX + x) * CHANNELS + c]!;
      return code + share * (under - code);
    });
  }, square);
}

/** Irises in other colours: `colour` takes and gives OKLab's a and b. */
export function recoloured(
  square: Square,
  eyes: readonly EyeShape<'crop'>[],
  colour: (a: number, b: number) => readonly [number, number],
): Square {
  const result = raster<'crop'>(SIDE_PX, SIDE_PX, square.data.slice());
  for (const { iris } of eyes)
    for (let pixel = 0; iris && pixel < SIDE_PX * SIDE_PX; pixel += 1) {
      const at: Point<'crop'> = { x: (pixel % SIDE_PX) + 0.5, y: Math.floor(pixel / SIDE_PX) + 0.5 };
      if (distance(at, iris.centre) > 1.1 * iris.radiusPx) continue;
      const k = pixel * CHANNELS;
      const [red, green, blue] = square.data.subarray(k, k + 3) as unknown as [number, number, number];
      const [lightness, a, b] = oklabOf(lightsOf({ red, green, blue }));
      const now = rgbOfOklab(lightness, ...colour(a, b));
      result.data.set([now.red, now.green, now.blue], k);
    }
  return result;
}

/** For `recoloured`: another hue. */
export function turned(deg: number): (a: number, b: number) => readonly [number, number] {
  const [cos, sin] = [Math.cos((deg * Math.PI) / 180), Math.sin((deg * Math.PI) / 180)];
  return (a, b) => [a * cos - b * sin, a * sin + b * cos];
}
