/** The two files of a pack that CLIP's tokenizer is made of. */
import { AppError } from '../../src/core/errors';
import type { ClipFiles } from './tokenizer';

/** @throws as `text`; AppError model-corrupt (`details.path`) */
export async function clipFiles(text: (path: string) => Promise<string>): Promise<ClipFiles> {
  const vocabulary = parsed(await text('vocab.json'));
  return { vocabulary, merges: await text('merges.txt') };
}

function parsed(json: string): ClipFiles['vocabulary'] {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new AppError('model-corrupt', 'vocab.json is no JSON', { path: 'vocab.json' }, { cause });
  }
}
