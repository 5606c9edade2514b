/** Wordings as files: `prompt_variations_{YYYYMMDD_HHMMSS}/variation_01.json` and so on, in one zip. */
import { type Config, DEFAULT_CONFIG, parseConfig } from '../../core/config';
import { AppError } from '../../core/errors';
import type { Speaker, Wording } from '../../core/wording';
import { json } from '../artifacts';
import { wordingsOf } from '../wording';
import { unzippedTexts, zip } from '../zip';

export interface KeptWording {
  readonly wording: Wording;
  /** Null: a person wrote it, or it is not known. */
  readonly speaker: Speaker | null;
}

const WITHOUT_WORDS: Config = {
  ...DEFAULT_CONFIG,
  generation: { ...DEFAULT_CONFIG.generation, prompt: '', negativePrompt: '' },
  refiner: { ...DEFAULT_CONFIG.refiner, prompt: '', negativePrompt: '' },
};

/** @param timestamp `YYYYMMDD_HHMMSS` */
export async function wordingsZip(
  wordings: readonly KeptWording[],
  timestamp: string,
  signal: AbortSignal,
): Promise<File> {
  const folder = `prompt_variations_${timestamp}`;
  const files = wordings.map(({ wording, speaker }, i) => ({
    name: `${folder}/variation_${String(i + 1).padStart(2, '0')}.json`,
    body: json({
      prompt: wording.prompt,
      negative_prompt: wording.negativePrompt,
      refiner: { prompt: wording.refinerPrompt, negative_prompt: wording.refinerNegativePrompt },
      ...(speaker && { engine: speaker }),
    }),
  }));
  return new File([await zip(files, signal)], `${folder}.zip`, { type: 'application/zip' });
}

/**
 * What was saved so: a zip, or one of its files. Any config will do that has a prompt.
 * @throws AppError bad-request (`details.reason`) when it holds none, and as `parseConfig`
 */
export async function readWordings(file: Blob, name: string): Promise<readonly Wording[]> {
  const isText = name.toLowerCase().endsWith('.json');
  const texts = isText ? [await file.text()] : (await unzippedTexts(file, '.json')).map(({ text }) => text);
  const wordings = texts.flatMap(wordingsIn).filter(({ prompt }) => prompt !== '');
  if (!wordings.length) {
    const reason = 'there is no prompt in it';
    throw new AppError('bad-request', reason, { reason });
  }
  return wordings;
}

/** A config may hold several. */
function wordingsIn(text: string): readonly Wording[] {
  const { generation, refiner } = parseConfig(text, WITHOUT_WORDS).config;
  return wordingsOf({
    prompt: generation.prompt,
    negativePrompt: generation.negativePrompt,
    refinerPrompt: refiner.prompt,
    refinerNegativePrompt: refiner.negativePrompt,
  });
}
