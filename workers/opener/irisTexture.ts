/** Fibres of the iris that are finer than the network's strip can hold, for faces much larger than it. */
import type { EyeShape, Side } from '../../src/core/face';
import { boundsOf, rect, type Space } from '../../src/core/geometry';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import { clamp, smoothstep } from '../../src/core/units';
import { gaussian } from '../../src/pixels/random';
import type { EyeWish } from './wish';
import { type WishedEye, wishedEye } from './wishedEye';

/** Fibres round the iris in octaves, as many as a close photo shows, and the places along each at which its light changes. */
const FIBRES = [48, 96, 160] as const;
const ALONG = 7;
/** Relative change of light (deviation): fibres of real irises at 300 px a face square and more. */
const STRENGTH = 0.09;
/** In deviations: what is rarer would be a spot. */
const MOST_CHANGE = 2.5;
/** In iris radii: from the pupil's edge to the limbus, and within how much of them the fibres begin and end. */
const FROM = 0.34;
const TO = 0.97;
const FADE = 0.25;
/** A fibre that is wider than this in strip px the network draws itself, one narrower than this in px cannot be seen. */
const WIDEST_STRIP_PX = 2.2;
const NARROWEST_PX = 1.1;
/** How far under the lids the fibres begin, in corner distances: a seventh of an iris' radius. */
const UNDER_LID = 0.033;
/** Between the seeds of octaves and of eyes: no two of a pair are alike. */
const NEXT_OCTAVE = 7;
const LEFT_EYE = 101;

/** Relative light by the angle (a share of the circle) and the way from the pupil to the limbus, both 0..1. */
type Fibres = (angle: number, along: number) => number;

/**
 * A copy with fibres in the irises of `sides`, the same for the same seed; as it is where the picture is no larger than
 * the strip.
 * @param eyes in the picture's space. @param pxPerStripPx how much larger than the strip the picture is
 */
export function withFibres<S extends Space>(
  picture: Raster<S>,
  eyes: Readonly<Record<Side, Pick<EyeShape<S>, 'corners'>>>,
  sides: readonly Side[],
  wish: Pick<EyeWish, 'form' | 'turn'>,
  pxPerStripPx: number,
  seed: number,
): Raster<S> {
  const out = raster<S>(picture.width, picture.height, picture.data.slice());
  for (const side of sides) {
    const eye = wishedEye(eyes[side], side, wish);
    const octaves = FIBRES.filter((count) => isWorthwhile(count, eye.irisRadiusPx, pxPerStripPx)).map(
      (count, i) => fibres(count, seed + NEXT_OCTAVE * i + (side === 'left' ? LEFT_EYE : 0)),
    );
    if (octaves.length) drawFibres(out, eye, octaves);
  }
  return out;
}

/** Fibres are as wide as they are half-way out. */
function isWorthwhile(count: number, irisRadiusPx: number, pxPerStripPx: number): boolean {
  const widthPx = (Math.PI * irisRadiusPx) / count;
  return widthPx < WIDEST_STRIP_PX * pxPerStripPx && widthPx > NARROWEST_PX;
}

function drawFibres<S extends Space>(out: Raster<S>, eye: WishedEye<S>, octaves: readonly Fibres[]): void {
  const strength = STRENGTH / Math.sqrt(octaves.length);
  const area = boundsOf([eye.irisCentre], eye.irisRadiusPx, rect<S>(0, 0, out.width, out.height));
  for (let y = area.y; y < area.y + area.height; y += 1)
    for (let x = area.x; x < area.x + area.width; x += 1) {
      const { open, right, below } = eye.at(x + 0.5, y + 0.5);
      const radius = Math.hypot(right, below);
      const shown = smoothstep(open / UNDER_LID) * smoothstep(Math.min(radius - FROM, TO - radius) / FADE);
      if (shown <= 0) continue;
      const angle = Math.atan2(below, right) / (2 * Math.PI) + 0.5;
      const along = (radius - FROM) / (TO - FROM);
      const change = octaves.reduce((sum, lightAt) => sum + lightAt(angle, along), 0);
      const gain = 1 + shown * strength * clamp(change, -MOST_CHANGE, MOST_CHANGE);
      const at = (y * out.width + x) * CHANNELS;
      for (let c = 0; c < 3; c += 1) out.data[at + c] = out.data[at + c]! * gain;
    }
}

/** Smooth noise with a deviation of about 1. */
function fibres(count: number, seed: number): Fibres {
  const values = gaussian(count * (ALONG + 1), seed);
  const mix = (a: number, b: number, t: number) => a + smoothstep(t) * (b - a);
  return (angle, along) => {
    const column = Math.floor(angle * count) % count;
    const next = (column + 1) % count;
    const across = angle * count - Math.floor(angle * count);
    const row = Math.min(ALONG - 1, Math.floor(along * ALONG));
    const down = along * ALONG - row;
    const at = (i: number, j: number) => values[j * count + i]!;
    return mix(
      mix(at(column, row), at(next, row), across),
      mix(at(column, row + 1), at(next, row + 1), across),
      down,
    );
  };
}
