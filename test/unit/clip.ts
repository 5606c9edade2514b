/** The painter's own tokenizer on CLIP's vocabulary; null without ../shared/models/clip. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ClipTokenizer, clipTokenizer } from '../../workers/diffusion/tokenizer';
import { tokensOf } from '../../workers/language/painterTokens';

const folder = resolve(import.meta.dirname, '../../../shared/models/clip');

export const clip: ClipTokenizer | null = existsSync(resolve(folder, 'vocab.json'))
  ? clipTokenizer(
      {
        vocabulary: JSON.parse(readFileSync(resolve(folder, 'vocab.json'), 'utf8')),
        merges: readFileSync(resolve(folder, 'merges.txt'), 'utf8'),
      },
      'end',
    )
  : null;

/** Tokens of a text, without start and end. */
export function clipTokens(text: string): number {
  return tokensOf(clip!, text);
}
