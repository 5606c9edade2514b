/** What a person chooses in the form of one face, and what the built-in network is asked for it. */
import type { Rgb } from '../../core/colour';
import type { Config } from '../../core/config';
import { colourOfIris, type IrisName } from '../../pipeline/irisName';
import type { OpenWish } from '../../pipeline/request';

/** `photos`: as they show it. `own`: a colour that has no name here. */
export type IrisChoice = 'photos' | IrisName | 'own';

export interface MakeValues {
  readonly iris: IrisChoice;
  /** `#rrggbb`; counts where `iris` is `own`. */
  readonly ownIris: string;
  /** As `generation.openness`. */
  readonly openness: number;
  /** 0..4294967295 */
  readonly seed: number;
}

/** What was changed; the rest follows the settings. */
export type MakeDraft = Partial<MakeValues>;

/** What the picker shows first: none of the named ones. */
const OWN_IRIS = '#5a6e5f';

export function valuesOf(draft: MakeDraft, { openness, seed }: Config['generation']): MakeValues {
  return { iris: 'photos', ownIris: OWN_IRIS, openness, seed, ...draft };
}

export function wishOf({ iris, ownIris, openness, seed }: MakeValues): OpenWish {
  if (iris === 'photos') return { openness, seed };
  return { openness, seed, iris: iris === 'own' ? colourOf(ownIris) : colourOfIris(iris) };
}

/** @param hex `#rrggbb`, as colour fields have it */
function colourOf(hex: string): Rgb {
  const code = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  return { red: code(1), green: code(3), blue: code(5) };
}

/** The colour as a style has it, in whole codes. */
export function cssOf({ red, green, blue }: Rgb): string {
  return `rgb(${[red, green, blue].map(Math.round).join(' ')})`;
}
