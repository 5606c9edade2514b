/** Tokens as the painter's text encoders count them, by the vocabulary of its own pack. */
import { AppError } from '../../src/core/errors';
import { PAINTER_PACKS } from '../../src/core/painting';
import { openPackIfWhole, readPackFile } from '../../src/models/openPack';
import { clipFiles } from '../diffusion/clipFiles';
import { type ClipTokenizer, clipTokenizer, PROMPT_TOKENS } from '../diffusion/tokenizer';

/**
 * Without start and end; a text that would be cut counts as a whole encoder's.
 * @param tokenize padding by the end mark
 */
export function tokensOf(tokenize: ClipTokenizer, text: string): number {
  const { ids, cut } = tokenize(text);
  return cut === '' ? ids.indexOf(ids.at(-1)!) - 1 : PROMPT_TOKENS;
}

/** @throws AppError model-missing (`details.pack`; `details.lost`), model-corrupt (`details.path`) */
export async function painterTokenizer(): Promise<ClipTokenizer> {
  const pack = PAINTER_PACKS.base;
  const opened = await openPackIfWhole(pack);
  if (!opened) throw new AppError('model-missing', 'the painter is not on this computer', { pack });
  const text = async (path: string) => new TextDecoder().decode(await readPackFile(opened, path));
  return clipTokenizer(await clipFiles(text), 'end');
}
