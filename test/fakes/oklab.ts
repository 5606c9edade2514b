/** Colours by how they look. */
import { codeOfLight, type Light, type Rgb } from '../../src/core/colour';

/** The inverse of `oklabOf` (Ottosson 2020), cut to what a screen can show. */
export function rgbOfOklab(lightness: number, a: number, b: number): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const light: Light = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const [red, green, blue] = light.map((share) => codeOfLight(Math.min(1, Math.max(0, share))));
  return { red: red!, green: green!, blue: blue! };
}
