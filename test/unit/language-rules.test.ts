/** What the rules promise, over many seeds; tokens by the painter's own tokenizer (skipped without ../shared). */
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import { WORDING_FIELDS, type Wording } from '../../src/core/wording';
import { asRead, phrasesOf } from '../../src/pipeline/language/phrases';
import { keyOf, ownWords, ruledWordings } from '../../src/pipeline/language/rules';
import { AVOIDANCES, WISHES } from '../../src/pipeline/language/vocabulary';
import { clip, clipTokens } from './clip';

const SEEDS = 1000;
const { generation, refiner } = DEFAULT_CONFIG;
const usual: Wording = {
  prompt: generation.prompt,
  negativePrompt: generation.negativePrompt,
  refinerPrompt: refiner.prompt,
  refinerNegativePrompt: refiner.negativePrompt,
};
const BASES: readonly Wording[] = [
  usual,
  { ...usual, refinerPrompt: 'crisp {iris} eyes, soft light', refinerNegativePrompt: 'hats' },
  {
    prompt: 'old man with blue eyes, wide awake, macro, long lashes',
    negativePrompt: '',
    refinerPrompt: '',
    refinerNegativePrompt: '',
  },
];
const cases = Array.from({ length: SEEDS }, (_, seed) => ({ seed, base: BASES[seed % BASES.length]! }));
const counted = new Map<string, number>();
const tokens = (text: string): number => {
  if (!counted.has(text)) counted.set(text, clipTokens(text));
  return counted.get(text)!;
};
const few = (text: string) => text.split(' ').length;

test.skipIf(!clip)(
  '1,000 seeds: the count, the fields, no duplicate, 77 tokens, every given word, in its order',
  () => {
    for (const { base, seed } of cases) {
      const count = 1 + (seed % 16);
      const wordings = ruledWordings({ base, count, seed }, tokens);
      expect(wordings).toHaveLength(count);
      expect(new Set([base, ...wordings].map(({ prompt }) => keyOf(prompt))).size).toBe(count + 1);
      for (const wording of wordings) {
        expect(Object.keys(wording)).toEqual([...WORDING_FIELDS]);
        for (const field of WORDING_FIELDS) {
          const given = phrasesOf(ownWords(base)[field]);
          expect(phrasesOf(wording[field]).slice(0, given.length)).toEqual(given);
          expect(clip!(asRead(wording[field])).cut, wording[field]).toBe('');
        }
      }
    }
  },
);

test('1,000 seeds: the place of the iris is kept, and no colour or closed eye comes in', () => {
  const said = new Set<string>();
  for (const { base, seed } of cases) {
    for (const wording of ruledWordings({ base, count: 5, seed }, few)) {
      for (const field of WORDING_FIELDS) {
        const given = phrasesOf(ownWords(base)[field]);
        for (const phrase of phrasesOf(wording[field]).slice(given.length)) said.add(phrase);
        expect(wording[field].split('{iris}').length).toBe(ownWords(base)[field].split('{iris}').length);
      }
    }
  }
  expect(said.size).toBeGreaterThan(60);
  for (const phrase of said) {
    expect(phrase).not.toMatch(/\b(closed|shut|asleep|blink\w*|brown|blue|green|gr[ea]y|hazel|amber)\b/i);
  }
});

test('1,000 seeds: one phrase of a group at most, none of what the words speak of, for or against', () => {
  for (const { base, seed } of cases) {
    for (const wording of ruledWordings({ base, count: 3, seed }, few)) {
      const words = ownWords(base);
      for (const [groups, field, other] of [
        [WISHES, 'prompt', 'negativePrompt'],
        [AVOIDANCES, 'negativePrompt', 'prompt'],
      ] as const) {
        const added = phrasesOf(wording[field]).slice(phrasesOf(words[field]).length);
        const from = added.map((phrase) => groups.find(({ phrases }) => phrases.includes(phrase))!);
        expect(new Set(from).size).toBe(added.length);
        for (const { spokenOf } of from) expect(`${words[field]}, ${words[other]}`).not.toMatch(spokenOf);
      }
    }
  }
});

test('the same request gives the same wordings, another seed others', () => {
  const at = (seed: number) => ruledWordings({ base: usual, count: 4, seed }, few);
  expect(at(17)).toEqual(at(17));
  expect(at(17)).not.toEqual(at(18));
});

test('what was said already is not said again', () => {
  const request = { base: usual, count: 4, seed: 3 };
  const first = ruledWordings(request, few);
  const more = ruledWordings(request, few, first);
  expect(new Set([...first, ...more].map(({ prompt }) => keyOf(prompt))).size).toBe(8);
});

test('words that fill the prompt leave no room: there are none rather than the same again', () => {
  const full = { ...usual, prompt: Array.from({ length: 38 }, (_, i) => `word${i}`).join(', ') };
  expect(ruledWordings({ base: full, count: 4, seed: 1 }, few)).toEqual([]);
});
