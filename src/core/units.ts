/** Fixed scales that several layers must agree on. */

/** Side of the FFHQ / CodeFormer reference square, in pixels. */
export const REFERENCE_SIDE_PX = 512;

/** Distance of the eye centres in the 512-px FFHQ template, in pixels (facexlib template, points 0 and 1). */
export const REFERENCE_EYE_DISTANCE_PX = 125.92;

/** One mebibyte. */
export const MIB_BYTES = 1024 * 1024;

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** From 0 to 1 without a corner at either end; 0 below, 1 beyond. */
export function smoothstep(value: number): number {
  const t = clamp(value, 0, 1);
  return t * t * (3 - 2 * t);
}

/** To the nearest whole number; from the middle between two to the even one, as C's `rint` does. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

/** `YYYYMMDD_HHMMSS` in local time: the stamp in the names of saved files. */
export function timestampOf(date: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}_${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}
