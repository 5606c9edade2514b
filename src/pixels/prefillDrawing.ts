/** A plain open eye as numbers: its proportions, and the light at any place of it. */
import type { Light } from '../core/colour';
import { smoothstep } from '../core/units';
import { lidsAt, opennessAt, USUAL_FORM } from './eyeForm';

export interface EyeLight {
  readonly white: Light;
  readonly iris: Light;
}

/** In iris radii: pupil in daylight, and where the dark ring at the limbus begins. Lights are shares. */
const PUPIL = 0.38;
const PUPIL_LIGHT = 0.1;
const LIMBUS_FROM = 0.75;
const LIMBUS_LIGHT = 0.5;
/** Catchlight: from the iris' centre to image-right and below in iris radii; its light as a share of the white's. */
const GLINT = { right: -0.28, below: -0.3, radius: 0.17, light: 2 } as const;
/** Lengths are in corner distances. Light of the white in the corners, where the ball turns away. */
const CORNER_LIGHT = 0.65;
/** Light of the eyeball right under the upper lid, and how far down its shadow reaches. */
const SHADE_LIGHT = 0.4;
const SHADE_REACH = 0.14;
/** Dark lines along the lids: how far above the lid, half as thick, and how much light they leave. */
const LASHES: Line = { above: 0.012, half: 0.034, light: 0.1 };
const LOWER_RIM: Line = { above: -0.01, half: 0.02, light: 0.6 };
const FOLD: Line = { above: 0.11, half: 0.05, light: 0.62 };
/** Half of the soft edge between lids and ball, and of that of iris, pupil and glint in iris radii. */
const LID_EDGE = 0.012;
const DISC_EDGE = 0.07;

interface Line {
  readonly above: number;
  readonly half: number;
  readonly light: number;
}

/**
 * @param templeSign 1: the temple is to image-right, −1: to image-left.
 * @param turn how far the iris has to be moved to image-right to look at the camera, in corner distances.
 * @returns what skin of some light becomes at a place: to image-right and below, in corner distances.
 */
export function eyeDrawing(
  eye: EyeLight,
  templeSign: 1 | -1,
  turn: number,
): (right: number, below: number, skin: Light) => Light {
  const { irisRadius, irisToTemple, irisBelow } = USUAL_FORM;
  const irisRight = templeSign * irisToTemple + turn;
  return (right, below, skin) => {
    const open = opennessAt(right);
    if (open === 0) return skin;
    const [upper, lower] = lidsAt(USUAL_FORM, templeSign * right);
    const ball = eyeball(eye, (right - irisRight) / irisRadius, (below - irisBelow) / irisRadius);
    const turnedAway = CORNER_LIGHT + (1 - CORNER_LIGHT) * open;
    const shade = SHADE_LIGHT + (1 - SHADE_LIGHT) * smoothstep((below - upper) / SHADE_REACH);
    const shown = smoothstep(0.5 + Math.min(below - upper, lower - below) / (2 * LID_EDGE));
    const strength = Math.min(1, 2 * open);
    const lines =
      leftBy(LASHES, upper - below, strength) *
      leftBy(LOWER_RIM, lower - below, strength) *
      leftBy(FOLD, upper - below, strength);
    return mixed(skin, scaled(ball, turnedAway * shade), shown, lines);
  };
}

/** Unshaded, at a place from the iris' centre in iris radii. */
function eyeball({ white, iris }: EyeLight, right: number, below: number): Light {
  const radius = Math.hypot(right, below);
  const limbus = 1 - (1 - LIMBUS_LIGHT) * smoothstep((radius - LIMBUS_FROM) / (1 - LIMBUS_FROM));
  const disc = mixed(scaled(iris, limbus), scaled(iris, PUPIL_LIGHT), within(radius, PUPIL));
  const ball = mixed(white, disc, within(radius, 1));
  const glint = within(Math.hypot(right - GLINT.right, below - GLINT.below), GLINT.radius);
  return mixed(ball, scaled(white, GLINT.light), glint);
}

function within(radius: number, limit: number): number {
  return smoothstep(0.5 + (limit - radius) / (2 * DISC_EDGE));
}

/** Share of the light that a line leaves at this height over the lid. */
function leftBy({ above, half, light }: Line, height: number, strength: number): number {
  return 1 - strength * (1 - light) * smoothstep(1 - Math.abs(height - above) / half);
}

function mixed(under: Light, over: Light, share: number, gain = 1): Light {
  const at = (c: 0 | 1 | 2) => gain * (under[c] + share * (over[c] - under[c]));
  return [at(0), at(1), at(2)];
}

function scaled(light: Light, gain: number): Light {
  return [gain * light[0], gain * light[1], gain * light[2]];
}
