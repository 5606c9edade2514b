/** The overlay's colours and letters: the theme's own for the states, and one dark ground that every photo bears. */
import type { EyeState } from '../../core/face';

export type Palette = Readonly<Record<EyeState, string>> & {
  /** Of words on a state's colour. */
  readonly on: string;
  /** CSS font families. */
  readonly sans: string;
};

/** Of words on plates, and of what belongs to no state. */
export const LIGHT = '#fff';
export const PLATE = 'rgb(28 24 20 / 82%)';
/** Round every line, so that it is seen on light skin too. */
export const HALO = 'rgb(20 16 12 / 50%)';

export function themePalette(): Palette {
  const theme = getComputedStyle(document.documentElement);
  const value = (name: string) => theme.getPropertyValue(name).trim();
  return {
    open: value('--open-lit'),
    closed: value('--closed-lit'),
    unsure: value('--unsure-lit'),
    on: value('--on-lit'),
    sans: value('--sans'),
  };
}
