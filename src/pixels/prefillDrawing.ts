/** A plain open eye as numbers: its proportions, and the light at any place of it. */
import type { Light } from '../core/colour';
import { smoothstep } from '../core/units';

export interface EyeLight {
  readonly white: Light;
  readonly iris: Light;
}

/**
 * Lengths are in corner distances; places are to the temple from the middle of the corners (−0.5..0.5) and below their
 * line. Medians over 376 open eyes that this app's mesh traced on adults who face the camera. Anthropometry agrees: an
 * iris of 11.7 mm in a fissure of 27 to 30 mm that opens by 9 to 11 mm, its top 1 to 2 mm under the upper lid.
 */
const UPPER_LID = 0.22;
const LOWER_LID = 0.088;
/** How much more each lid opens on the temple's side, per corner distance from the middle. */
const UPPER_SLANT = 0.25;
const LOWER_SLANT = 1.2;
const LID_ROUND = 0.87;
const IRIS_RADIUS = 0.22;
const IRIS_TO_TEMPLE = 0.065;
const IRIS_BELOW = -0.077;

/** In iris radii: pupil in daylight, and where the dark ring at the limbus begins. Lights are shares. */
const PUPIL = 0.38;
const PUPIL_LIGHT = 0.1;
const LIMBUS_FROM = 0.75;
const LIMBUS_LIGHT = 0.5;
/** Catchlight: from the iris' centre to image-right and below in iris radii; its light as a share of the white's. */
const GLINT = { right: -0.28, below: -0.3, radius: 0.17, light: 2 } as const;
/** Light of the white in the corners, where the ball turns away. */
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

/** Heights of the upper and the lower lid, below the corner line in corner distances. */
function lidsAt(temple: number): readonly [number, number] {
  const open = opennessAt(temple);
  return [-UPPER_LID * open * (1 + UPPER_SLANT * temple), LOWER_LID * open * (1 + LOWER_SLANT * temple)];
}

/** 1 in the middle, 0 from the corners outwards. */
function opennessAt(temple: number): number {
  return Math.max(0, 1 - (2 * temple) ** 2) ** LID_ROUND;
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
  const irisRight = templeSign * IRIS_TO_TEMPLE + turn;
  return (right, below, skin) => {
    const open = opennessAt(right);
    if (open === 0) return skin;
    const [upper, lower] = lidsAt(templeSign * right);
    const ball = eyeball(eye, (right - irisRight) / IRIS_RADIUS, (below - IRIS_BELOW) / IRIS_RADIUS);
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
