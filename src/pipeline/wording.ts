/** The words that a painter is given. */
import type { Config } from '../core/config';
import type { PaintVariation } from '../core/painting';
import { WORDING_FIELDS, type Wording } from '../core/wording';

/** Stands for the colour of the person's eyes. */
const IRIS = '{iris}';
const SEEDS = 2 ** 32;

export function hasRoomForIris(template: string): boolean {
  return template.includes(IRIS);
}

/** @param iris null: not known, so that no phrase speaks of it; of words without commas the colour alone is left out. */
export function worded(template: string, iris: string | null): string {
  if (!hasRoomForIris(template)) return template;
  if (iris !== null) return template.replaceAll(IRIS, iris);
  const silent = template
    .split(',')
    .filter((phrase) => !phrase.includes(IRIS))
    .map((phrase) => phrase.trim())
    .join(', ');
  return silent || template.replaceAll(IRIS, '').replaceAll(/\s+/g, ' ').trim();
}

/**
 * As many as the settings ask for, and at least one for each wording. The wordings take turns with the same seed, then
 * with the next one.
 */
export function variationsOf(
  config: Pick<Config, 'generation' | 'refiner'>,
  iris: string | null,
): readonly PaintVariation[] {
  const { generation, refiner } = config;
  const texts = {
    prompt: generation.prompt,
    negativePrompt: generation.negativePrompt,
    refinerPrompt: refiner.prompt,
    refinerNegativePrompt: refiner.negativePrompt,
  };
  const wordings = wordingsOf(texts).map((wording) => {
    const prompt = worded(wording.prompt, iris);
    const negativePrompt = worded(wording.negativePrompt, iris);
    return {
      prompt,
      negativePrompt,
      refinerPrompt: worded(wording.refinerPrompt, iris) || prompt,
      refinerNegativePrompt: worded(wording.refinerNegativePrompt, iris) || negativePrompt,
    };
  });
  return Array.from({ length: picturesOf(config) }, (_, i) => ({
    ...wordings[i % wordings.length]!,
    seed: (generation.seed + Math.floor(i / wordings.length)) % SEEDS,
  }));
}

/** Pictures that are painted of a face. */
export function picturesOf({ generation }: Pick<Config, 'generation'>): number {
  return Math.max(generation.numVariations, linesOf(generation.prompt).length);
}

/**
 * One for each line of the prompt. A text with as many lines goes with them line by line; any other is one text for all,
 * its lines joined.
 */
export function wordingsOf(texts: Wording): readonly Wording[] {
  const prompts = linesOf(texts.prompt);
  return prompts.map((_, i) => {
    const fields = WORDING_FIELDS.map((field) => {
      const lines = linesOf(texts[field]);
      return [field, lines.length === prompts.length ? lines[i]! : lines.join(', ')];
    });
    return Object.fromEntries(fields) as Wording;
  });
}

/** The wordings of a text; one that is empty where it has none. */
export function linesOf(text: string): readonly string[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.length ? lines : [''];
}
