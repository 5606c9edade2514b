/** Prompts as CLIP's text encoders get them: the numbers are transformers'; skipped without ../shared/models/clip. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { clipTokenizer, PROMPT_TOKENS } from '../../workers/diffusion/tokenizer';
import golden from '../golden/clip_tokens.json';

const clip = resolve(import.meta.dirname, '../../../shared/models/clip');
const present = existsSync(resolve(clip, 'vocab.json'));
const files = present && {
  vocabulary: JSON.parse(readFileSync(resolve(clip, 'vocab.json'), 'utf8')) as Record<string, number>,
  merges: readFileSync(resolve(clip, 'merges.txt'), 'utf8'),
};
const END = 49407;

test.skipIf(!present)('ids and what is cut off are those of transformers (skipped without ../shared)', () => {
  const [first, second] = [clipTokenizer(files as never, 'end'), clipTokenizer(files as never, 0)];
  for (const { prompt, ids, secondIds, cut } of golden.cases) {
    expect([...first(prompt).ids], prompt).toEqual(ids);
    expect([...second(prompt).ids], prompt).toEqual(secondIds);
    // Spaces before commas are not for people.
    const letters = (words: string) => words.replaceAll(' ', '');
    expect(letters(first(prompt).cut), prompt).toBe(letters(cut));
  }
});

test.skipIf(!present)(
  'a prompt of 10,000 characters, in one word or many, takes a moment and says what is cut',
  () => {
    const tokenize = clipTokenizer(files as never, 'end');
    for (const prompt of ['x'.repeat(10_000), 'open eyes 👁️ '.repeat(770), '👁️'.repeat(3000)]) {
      const { ids, cut } = tokenize(prompt);
      expect([ids.length, ids[0], ids[PROMPT_TOKENS - 1]]).toEqual([PROMPT_TOKENS, 49406, END]);
      expect(cut.length).toBeGreaterThan(100);
    }
  },
);

test('files that are not CLIP’s are model-corrupt', () => {
  const other = () => clipTokenizer({ vocabulary: { a: 0 }, merges: '#version: 0.2\n' }, 'end');
  expect(other).toThrow(expect.objectContaining({ code: 'model-corrupt' }));
});
