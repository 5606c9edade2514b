/** What a person writes into the form of one face. */
import { CONFIG_FIELDS, type Config } from '../../core/config';
import type { IrisName } from '../../pipeline/irisName';
import type { PaintWish } from '../../pipeline/request';
import { linesOf } from '../../pipeline/wording';
import { LEAST_SEED, MOST_SEED, seedOf } from '../seed';

export interface PaintValues {
  readonly prompt: string;
  readonly negativePrompt: string;
  /** Empty: the painter's own. */
  readonly refinerPrompt: string;
  readonly refinerNegativePrompt: string;
  /** Null: as the photos show it. */
  readonly iris: IrisName | null;
  /** 0..1 */
  readonly strength: number;
  /** As typed. */
  readonly seed: string;
}

/** What was changed; the rest follows the settings. */
export type PaintDraft = Partial<PaintValues>;

const { max: MOST_WORDINGS } = CONFIG_FIELDS.generation.numVariations;

export function valuesOf(
  draft: PaintDraft,
  { generation, refiner }: Pick<Config, 'generation' | 'refiner'>,
): PaintValues {
  const { prompt, negativePrompt, strength, seed } = generation;
  const ofRefiner = { refinerPrompt: refiner.prompt, refinerNegativePrompt: refiner.negativePrompt };
  return { prompt, negativePrompt, ...ofRefiner, iris: null, strength, seed: String(seed), ...draft };
}

/** What is wrong, in a sentence a field; empty when it can be painted. */
export function problemsOf(values: PaintValues): Partial<Record<keyof PaintValues, string>> {
  return {
    ...(!values.prompt.trim() && { prompt: 'Say what the eyes should look like.' }),
    ...(linesOf(values.prompt).length > MOST_WORDINGS && {
      prompt: `Up to ${MOST_WORDINGS} wordings are painted, one a line.`,
    }),
    ...(values.strength <= 0 && { strength: 'At 0 nothing would change.' }),
    ...(seedOf(values.seed) === null && {
      seed: `A seed is a whole number from ${LEAST_SEED} to ${MOST_SEED}.`,
    }),
  };
}

/** Of values without problems. */
export function wishOf({ iris, seed, ...values }: PaintValues): PaintWish {
  return { ...values, seed: seedOf(seed)!, ...(iris && { iris }) };
}
