/** A start for a painter that would otherwise paint the closed lid again: a plain open eye under every mask. */
import { type Light, lightsOf, luminanceOf, type Rgb } from '../core/colour';
import type { EyeMaskShape } from '../core/crop';
import type { EyeShape, Side } from '../core/face';
import { point, type Space } from '../core/geometry';
import { CHANNELS, type Raster, raster } from '../core/raster';
import { cornerFrame, toFrame } from './cornerFrame';
import { turnToCamera } from './eyeForm';
import { codeOf, linearOf } from './light';
import { type EyeLight, eyeDrawing } from './prefillDrawing';
import { skinUnder } from './prefillSkin';

export interface EyeToPrefill<S extends Space> {
  /** The subject's own: tells where the temple is. */
  readonly side: Side;
  readonly mask: EyeMaskShape<S>;
  /** Only the corners are used: whatever else was measured is a closed lid's. */
  readonly eye: Pick<EyeShape<S>, 'corners'>;
}

/**
 * Light of the white by that of the skin: a fit over 414 eyes of all skin tones (0.19 over skin of 0.07, 0.42 over 0.36).
 * In a dark photo the white is at most this many times as bright as the skin.
 */
const WHITE_BASE = 0.14;
const WHITE_PER_SKIN = 0.8;
const WHITE_MOST_PER_SKIN = 3.5;
/** The white shows the skin's tint to this power. */
const WHITE_TINT = 0.45;
/** Iris of a person of whom no open eye is known, as shares of the white's light: dark grey-brown. */
const UNKNOWN_IRIS: Light = [0.13, 0.1, 0.085];
/** An iris is never lighter than this share of the white. */
const LIGHTEST_IRIS = 0.6;
/** Largest difference of channels, codes, in the skin of a black-and-white photo. */
const MOST_GREY_TINT = 3;

/**
 * A copy in which no closed lid is left under the masks: smooth skin carried in from round them, over it an open eye
 * between the corners, in the light of that skin, looking at the camera. Meant for a diffusion model at high strength,
 * which sees only its low frequencies; it is not a finished eye. Outside the masks and in transparency bit-identical;
 * a mask that leaves nothing of the picture round it is passed over.
 * @param iris colour of the person's iris, codes 0..255; null: a neutral dark one. A photo without colours gets none.
 * @param yawRad turn of the head as in `HeadPose`.
 * @throws RangeError when the corners of an eye coincide.
 */
export function prefillEyes<S extends Space>(
  picture: Raster<S>,
  eyes: readonly EyeToPrefill<S>[],
  iris: Rgb | null,
  yawRad = 0,
): Raster<S> {
  const result = raster<S>(picture.width, picture.height, picture.data.slice());
  const turn = turnToCamera(yawRad);
  for (const eye of eyes) prefillEye(picture, eye, iris, turn, result);
  return result;
}

function prefillEye<S extends Space>(
  picture: Raster<S>,
  { side, mask: shape, eye }: EyeToPrefill<S>,
  iris: Rgb | null,
  turn: number,
  result: Raster<S>,
): void {
  const frame = cornerFrame(eye);
  if (!(frame.widthPx > 0)) throw new RangeError('the corners of an eye to prefill coincide');
  const skin = skinUnder(picture, shape);
  if (!skin) return;
  const draw = eyeDrawing(lightFor(skin.mean, iris), side === 'left' ? 1 : -1, turn);
  const { area, mask, pixels } = skin;
  for (let y = area.y; y < area.y + area.height; y++)
    for (let x = area.x; x < area.x + area.width; x++) {
      const share = mask.data[y * mask.width + x]!;
      if (share === 0) continue;
      const k = (y * mask.width + x) * CHANNELS;
      const { u, v } = toFrame(frame, point<S>(x + 0.5, y + 0.5));
      const under: Light = [
        linearOf(pixels.data[k]!),
        linearOf(pixels.data[k + 1]!),
        linearOf(pixels.data[k + 2]!),
      ];
      const drawn = draw(u / frame.widthPx, v / frame.widthPx, under);
      for (let c = 0; c < 3; c++) {
        const old = result.data[k + c]!;
        result.data[k + c] = old + share * (codeOf(drawn[c]!) - old);
      }
    }
}

/**
 * An iris no brighter than the light on the skin beside it allows, codes; without colour where the skin has none.
 * @param iris null: not known; dark brown, as most are
 */
export function irisInLight(iris: Rgb | null, skin: Rgb): Rgb {
  const [red, green, blue] = lightFor(skin, iris).iris;
  return { red: codeOf(red), green: codeOf(green), blue: codeOf(blue) };
}

/** White and iris in the light that the skin is seen in. */
function lightFor(skin: Rgb, iris: Rgb | null): EyeLight {
  const lights = lightsOf(skin);
  const level = luminanceOf(lights);
  const whiteLevel = Math.min(WHITE_BASE + WHITE_PER_SKIN * level, WHITE_MOST_PER_SKIN * level);
  const tinted = (c: 0 | 1 | 2) => whiteLevel * (lights[c] / Math.max(level, 1e-6)) ** WHITE_TINT;
  const white: Light = [tinted(0), tinted(1), tinted(2)];
  const own: Light = iris
    ? lightsOf(iris)
    : [white[0] * UNKNOWN_IRIS[0], white[1] * UNKNOWN_IRIS[1], white[2] * UNKNOWN_IRIS[2]];
  const irisLevel = luminanceOf(own);
  const gain = Math.min(1, (LIGHTEST_IRIS * whiteLevel) / Math.max(irisLevel, 1e-6));
  const [red, green, blue] = isGrey(skin) ? [irisLevel, irisLevel, irisLevel] : own;
  return { white, iris: [gain * red, gain * green, gain * blue] };
}

function isGrey({ red, green, blue }: Rgb): boolean {
  return Math.max(red, green, blue) - Math.min(red, green, blue) <= MOST_GREY_TINT;
}
