/** Between coded sRGB values and linear light (IEC 61966-2-1). Other RGB spaces come close enough for gains. */
import { codeOfLight, lightOf } from '../core/colour';

const TO_LINEAR = Float32Array.from({ length: 256 }, (_, code) => lightOf(code));

/** Linear light 0..1 of a code 0..255. */
export function linearOf(code: number): number {
  return TO_LINEAR[code]!;
}

/** Codes by the square root of light: the curve is nearly straight there, so that interpolation misses < 0.01. */
const STEPS = 4096;
const BY_ROOT = Float32Array.from({ length: STEPS + 1 }, (_, i) => codeOfLight((i / STEPS) ** 2));

/** Code 0..255 (not rounded) of linear light; light above 1 is cut. */
export function codeOf(linear: number): number {
  if (linear <= 0) return 0;
  if (linear >= 1) return 255;
  const at = Math.sqrt(linear) * STEPS;
  const i = Math.floor(at);
  return BY_ROOT[i]! + (at - i) * (BY_ROOT[i + 1]! - BY_ROOT[i]!);
}
