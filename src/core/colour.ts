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

/** OKLab (Ottosson 2020): lightness 0..1; a: green to red; b: blue to yellow. */
export function oklabOf([red, green, blue]: Light): readonly [number, number, number] {
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
