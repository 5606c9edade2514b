/** One colour, codes 0..255 of sRGB, whole or not. */
export interface Rgb {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/** Linear light, 1 is white: red, green, blue. */
export type Light = readonly [red: number, green: number, blue: number];

/** Linear light 0..1 of an sRGB code 0..255, whole or not (IEC 61966-2-1). */
export function lightOf(code: number): number {
  const v = code / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}

/** Code 0..255, not rounded, of linear light 0..1. */
export function codeOfLight(light: number): number {
  return 255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055);
}

export function lightsOf({ red, green, blue }: Rgb): Light {
  return [lightOf(red), lightOf(green), lightOf(blue)];
}

/** How bright a light looks, 1 is white (Rec. 709). */
export function luminanceOf([red, green, blue]: Light): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
