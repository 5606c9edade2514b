/** Fibres of the iris that are finer than the network's strip can hold, for faces much larger than it. */
import type { EyeShape, Side } from '../../src/core/face';
import { point, type Space } from '../../src/core/geometry';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import { clamp, smoothstep } from '../../src/core/units';
import { cornerFrame, toFrame } from '../../src/pixels/cornerFrame';
import { lidsAt } from '../../src/pixels/eyeForm';
import { gaussian } from '../../src/pixels/random';
import type { EyeWish } from './wish';

/** Fibres round the iris in octaves, as many as a close photo shows, and the places along each at which its light changes. */
const FIBRES = [48, 96, 160] as const;
const ALONG = 7;
/** Relative change of light (deviation): fibres of real irises at 300 px a face square and more. */
const STRENGTH = 0.09;
/** In iris radii: from the pupil's edge to the limbus. */
const FROM = 0.34;
const TO = 0.97;
/** A fibre that is wider than this in strip px the network draws itself, one narrower than this in px cannot be seen. */
const WIDEST_STRIP_PX = 2.2;
const NARROWEST_PX = 1.1;
/** How far under the lids the fibres begin, in iris radii. */
const UNDER_LID = 0.15;

/**
 * A copy with fibres in the irises of `sides`, the same for the same seed; as it is where the picture is no larger than
 * the strip.
 * @param eyes in the picture's space. @param pxPerStripPx how much larger than the strip the picture is
 */
export function withFibres<S extends Space>(
  picture: Raster<S>,
  eyes: Readonly<Record<Side, Pick<EyeShape<S>, 'corners'>>>,
  sides: readonly Side[],
  { form, turn }: EyeWish,
  pxPerStripPx: number,
  seed: number,
): Raster<S> {
  const out = raster<S>(picture.width, picture.height, picture.data.slice());
  for (const side of sides) {
    const frame = cornerFrame(eyes[side]);
    const radiusPx = form.irisRadius * frame.widthPx;
    const octaves = FIBRES.filter((count) => {
      const widthPx = (Math.PI * radiusPx) / count;
      return widthPx < WIDEST_STRIP_PX * pxPerStripPx && widthPx > NARROWEST_PX;
    }).map((count, i) => fibres(count, seed + 7 * i + (side === 'left' ? 101 : 0)));
    if (!octaves.length) continue;
    const toTemple = side === 'left' ? 1 : -1;
    const strength = STRENGTH / Math.sqrt(octaves.length);
    const middle = toTemple * form.irisToTemple + turn;
    for (let y = 0; y < out.height; y += 1)
      for (let x = 0; x < out.width; x += 1) {
        const { u, v } = toFrame(frame, point<S>(x + 0.5, y + 0.5));
        const right = (u / frame.widthPx - middle) / form.irisRadius;
        const below = (v / frame.widthPx - form.irisBelow) / form.irisRadius;
        const radius = Math.hypot(right, below);
        if (radius <= FROM || radius >= TO) continue;
        const [upper, lower] = lidsAt(form, (toTemple * u) / frame.widthPx);
        const free = Math.min(v / frame.widthPx - upper, lower - v / frame.widthPx) / form.irisRadius;
        const shown = smoothstep(free / UNDER_LID) * smoothstep(4 * Math.min(radius - FROM, TO - radius));
        if (shown <= 0) continue;
        const angle = Math.atan2(below, right) / (2 * Math.PI) + 0.5;
        const change = octaves.reduce((sum, at) => sum + at(angle, (radius - FROM) / (TO - FROM)), 0);
        const at = (y * out.width + x) * CHANNELS;
        const gain = 1 + shown * strength * clamp(change, -2.5, 2.5);
        for (let c = 0; c < 3; c += 1) out.data[at + c] = out.data[at + c]! * gain;
      }
  }
  return out;
}

/** Smooth noise with a deviation of about 1 round a circle (0..1) and along its radius (0..1). */
function fibres(count: number, seed: number): (angle: number, radius: number) => number {
  const values = gaussian(count * (ALONG + 1), seed);
  const mix = (a: number, b: number, t: number) => a + smoothstep(t) * (b - a);
  return (angle, radius) => {
    const column = Math.floor(angle * count) % count;
    const next = (column + 1) % count;
    const across = angle * count - Math.floor(angle * count);
    const row = Math.min(ALONG - 1, Math.floor(radius * ALONG));
    const down = radius * ALONG - row;
    const at = (i: number, j: number) => values[j * count + i]!;
    return mix(
      mix(at(column, row), at(next, row), across),
      mix(at(column, row + 1), at(next, row + 1), across),
      down,
    );
  };
}
