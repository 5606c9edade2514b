import type { Rgb } from '../core/colour';
import type { Config } from '../core/config';
import type { Choice } from '../core/run';
import type { IrisName } from './irisName';
import type { KnownPhoto, Match } from './sources';

/** What one run is asked to do. */
export interface RunRequest {
  readonly self: KnownPhoto;
  /** Faces to open, with the eyes to open in each. None: the run ends as 'nothing-to-do'. */
  readonly choices: readonly Choice[];
  /** Other photos that may show the same people, faces found. */
  readonly donors: readonly KnownPhoto[];
  /** A person's word on who is who. */
  readonly matches: readonly Match[];
  readonly config: Config;
  /** What a person wants of the painter for single faces, by face index. */
  readonly paintWishes?: ReadonlyMap<number, PaintWish>;
  /** The same of the network that the app ships. */
  readonly openWishes?: ReadonlyMap<number, OpenWish>;
}

/** Each stands in for the setting of the same name. */
export type OpenWish = Partial<Pick<Config['generation'], 'openness' | 'seed'>> & {
  /** A person's word on the colour of the eyes, in good light; absent: as the photos show it. */
  readonly iris?: Rgb;
};

/** Each stands in for the setting of the same name. */
export type PaintWish = Partial<
  Pick<Config['generation'], 'prompt' | 'negativePrompt' | 'strength' | 'seed'>
> & {
  readonly refinerPrompt?: string;
  readonly refinerNegativePrompt?: string;
  /** A person's word on the colour of the eyes; absent: as the photos show it. */
  readonly iris?: IrisName;
};

/** Who opens a face: a person's word on it first, then the setting. */
export function generatorFor(
  { face }: Choice,
  { config, paintWishes, openWishes }: RunRequest,
): Config['generation']['generator'] {
  if (openWishes?.has(face.index)) return 'built-in';
  return paintWishes?.has(face.index) ? 'sdxl' : config.generation.generator;
}
