/** The words that a painter is given. */
import type { Config } from '../core/config';
import type { PaintVariation } from '../core/painting';

/** Stands for the colour of the person's eyes. */
const IRIS = '{iris}';
const SEEDS = 2 ** 32;

export function hasRoomForIris(template: string): boolean {
  return template.includes(IRIS);
}

/** @param iris null: not known, so that no phrase speaks of it. */
export function worded(template: string, iris: string | null): string {
  if (!hasRoomForIris(template)) return template;
  if (iris !== null) return template.replaceAll(IRIS, iris);
  return template
    .split(',')
    .filter((phrase) => !phrase.includes(IRIS))
    .map((phrase) => phrase.trim())
    .join(', ');
}

/**
 * As many as the settings ask for, and at least one for each line of the prompt, which is a wording of its own. The
 * wordings take turns with the same seed, then with the next one. A text with as many lines goes with them line by line;
 * any other is one text for all.
 */
export function variationsOf(
  config: Pick<Config, 'generation' | 'refiner'>,
  iris: string | null,
): readonly PaintVariation[] {
  const { generation, refiner } = config;
  const prompts = linesOf(generation.prompt);
  const besides = (text: string, i: number) => {
    const lines = linesOf(text);
    return worded(lines.length === prompts.length ? lines[i]! : lines.join(', '), iris);
  };
  const wordings = prompts.map((line, i) => {
    const prompt = worded(line, iris);
    const negativePrompt = besides(generation.negativePrompt, i);
    return {
      prompt,
      negativePrompt,
      refinerPrompt: besides(refiner.prompt, i) || prompt,
      refinerNegativePrompt: besides(refiner.negativePrompt, i) || negativePrompt,
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

/** The wordings of a text; one that is empty where it has none. */
export function linesOf(text: string): readonly string[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.length ? lines : [''];
}
