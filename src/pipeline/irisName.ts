import type { Rgb } from '../core/raster';
export type IrisName = 'dark brown' | 'brown' | 'hazel' | 'green' | 'grey' | 'blue';
export function irisName(_colour: Rgb): IrisName {
  return 'brown';
}
export function colourOfIris(_name: IrisName): Rgb {
  return { red: 90, green: 60, blue: 40 };
}
