/** The word for an eye's colour that a painter's prompt uses. */
import { type Light, lightsOf, luminanceOf, oklabOf, type Rgb } from '../core/colour';
import { clamp } from '../core/units';

export type IrisName = 'dark brown' | 'brown' | 'hazel' | 'green' | 'grey' | 'blue';

/** In the middle of what is named so, in ordinary light. */
const TYPICAL: Readonly<Record<IrisName, Rgb>> = {
  'dark brown': { red: 48, green: 32, blue: 27 },
  brown: { red: 94, green: 61, blue: 42 },
  hazel: { red: 110, green: 91, blue: 68 },
  green: { red: 95, green: 106, blue: 77 },
  grey: { red: 108, green: 103, blue: 99 },
  blue: { red: 88, green: 112, blue: 135 },
};

/** Median of 286 photographed eyes: the white of an eye is rosy and lies in the lids' shadow. */
const USUAL_SCLERA: Rgb = { red: 173, green: 151, blue: 147 };
/** What looks white in the eye is partly lid and shadow: half its tint (a square root), and never more than this, is the light's. */
const TINT_TRUST = 0.5;
const MOST_TINT = 1.2;
/** A white of less linear light lies in a shadow that the iris need not share. */
const DARKEST_WHITE = 0.216;

/**
 * Limits in OKLab (lightness 0..1; a: green to red, b: blue to yellow) where the white of the eye has lightness 1. Set
 * between the named eyes of test/conformance/irisName.test.ts.
 */
const BLACK_BELOW = 0.33;
const DARK_BELOW = 0.445;
const DIM_BELOW = 0.5;
/** a + b from which a dark iris is brown rather than dark brown. */
const WARM = 0.055;
const BLUE_BELOW_B = -0.008;
const YELLOW_FROM_B = 0.02;
const RED_FROM_A = 0.016;
const RED_FROM_A_WHEN_DIM = 0.009;
/** a + b that a grey iris stays under. */
const COLOURED_FROM = 0.018;

/**
 * Names the colour of an iris (`irisColour`) as seen beside the white of the same eye (`scleraColour`), which takes
 * most of a tinted or dim light away; where that is not known, beside a usual one. What is too dark to tell is dark brown, as most
 * such eyes are.
 */
export function irisName(colour: Rgb, sclera: Rgb | null = null): IrisName {
  const white = whiteOf(sclera ?? USUAL_SCLERA);
  const light = lightsOf(colour);
  const [lightness, a, b] = oklabOf([light[0] / white[0], light[1] / white[1], light[2] / white[2]]);
  const isBluish = b < BLUE_BELOW_B;
  if (lightness < BLACK_BELOW) return 'dark brown';
  // A dark brown iris mirrors the sky: a blue that stays reddish.
  if (lightness < (isBluish ? DIM_BELOW : DARK_BELOW) && !(isBluish && a < 0))
    return a + b > WARM ? 'brown' : 'dark brown';
  if (isBluish || (a + b < BLUE_BELOW_B && b < -BLUE_BELOW_B / 2)) return 'blue';
  if (b > YELLOW_FROM_B && a < 0) return 'green';
  if (a > RED_FROM_A || (a > RED_FROM_A_WHEN_DIM && lightness < DIM_BELOW && b < YELLOW_FROM_B))
    return 'brown';
  return a + b > COLOURED_FROM ? 'hazel' : 'grey';
}

/** What stands for a name where only the name is known, beside a usual white. */
export function colourOfIris(name: IrisName): Rgb {
  return TYPICAL[name];
}

/** Linear light of a white surface beside the eye. */
function whiteOf(sclera: Rgb): Light {
  const lights = lightsOf(sclera);
  const level = luminanceOf(lights);
  const tint = (c: 0 | 1 | 2) =>
    clamp((lights[c] / Math.max(level, 1e-6)) ** TINT_TRUST, 1 / MOST_TINT, MOST_TINT);
  const white = Math.max(level, DARKEST_WHITE);
  return [white * tint(0), white * tint(1), white * tint(2)];
}
