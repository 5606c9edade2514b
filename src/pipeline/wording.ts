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
 * As many as the settings ask for, at least one. Each line of the prompt is a wording of its own: they take turns with the
 * same seed, then with the next one.
 */
export function variationsOf(
  { generation, refiner }: Pick<Config, 'generation' | 'refiner'>,
  iris: string | null,
): readonly PaintVariation[] {
  const prompts = wordingsOf(generation.prompt).map((line) => worded(line, iris));
  const negativePrompt = worded(generation.negativePrompt, iris);
  const refinerPrompt = worded(refiner.prompt, iris);
  const refinerNegativePrompt = worded(refiner.negativePrompt, iris) || negativePrompt;
  return Array.from({ length: Math.max(1, generation.numVariations) }, (_, i) => {
    const prompt = prompts[i % prompts.length]!;
    return {
      prompt,
      negativePrompt,
      refinerPrompt: refinerPrompt || prompt,
      refinerNegativePrompt,
      seed: (generation.seed + Math.floor(i / prompts.length)) % SEEDS,
    };
  });
}

function wordingsOf(prompt: string): readonly string[] {
  const lines = prompt
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.length ? lines : [''];
}
