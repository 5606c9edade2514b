/** Wordings in the form of a face: lines and back, and what the page says of them. */
import { expect, test } from 'vitest';
import type { Speaker, VariedWordings, Wording, WordingNotice } from '../../src/core/wording';
import { wordingsOf } from '../../src/pipeline/wording';
import { textsOf, withSuggestions } from '../../src/ui/painting/wordingDraft';
import {
  newsWords,
  noticeSentences,
  shareDone,
  speakerWords,
  spokenSentence,
  whySilent,
} from '../../src/ui/painting/wordingWords';

const wording = (i: number, refiner = `r${i}`): Wording => ({
  prompt: `p${i}`,
  negativePrompt: 'n',
  refinerPrompt: refiner,
  refinerNegativePrompt: `m${i}`,
});

test('wordings become lines and come back; what is the same in all is one line', () => {
  const texts = textsOf([wording(1), wording(2), wording(3)]);
  expect(texts).toEqual({
    prompt: 'p1\np2\np3',
    negativePrompt: 'n',
    refinerPrompt: 'r1\nr2\nr3',
    refinerNegativePrompt: 'm1\nm2\nm3',
  });
  expect(wordingsOf(texts)).toEqual([wording(1), wording(2), wording(3)]);
});

test('wordings that differ only in what is to be avoided stay two', () => {
  const other = (i: number) => ({ ...wording(1), negativePrompt: `n${i}` });
  expect(wordingsOf(textsOf([other(1), other(2)]))).toEqual([other(1), other(2)]);
  expect(textsOf([other(1), other(1)])).toEqual(other(1));
});

test('suggestions replace older ones, and nothing that was written since they were asked for', () => {
  const asked = textsOf([wording(1), wording(2)]);
  const now = { ...asked, prompt: 'p1 changed\np2' };
  const suggested = [wording(5), wording(6)];
  expect(wordingsOf(withSuggestions(asked, asked, suggested))).toEqual([wording(1), ...suggested]);
  expect(wordingsOf(withSuggestions(asked, now, suggested))).toEqual([
    { ...wording(1), prompt: 'p1 changed' },
    wording(2),
    ...suggested,
  ]);
  // A text of several lines beside one prompt is one text.
  const listed = { ...textsOf([wording(1)]), negativePrompt: 'n\nm' };
  expect(withSuggestions(listed, listed, suggested).negativePrompt).toBe('n, m\nn\nn');
});

test('a refiner that says what the painter says stays without words of its own', () => {
  const same = (i: number) => ({ ...wording(i, `p${i}`), refinerNegativePrompt: 'n' });
  expect(textsOf([same(1), same(2)])).toMatchObject({ refinerPrompt: '', refinerNegativePrompt: '' });
});

const varied = (speakers: readonly Speaker[], speaker: Speaker = 'webllm'): VariedWordings => ({
  wordings: speakers.map((each, i) => ({ wording: wording(i), speaker: each })),
  speaker,
  model: speaker === 'rules' ? '' : 'Hermes',
  notices: [],
});

test.each([
  [varied(['webllm', 'webllm']), '2 wordings by Hermes.'],
  [varied(['webllm', 'rules', 'rules']), '1 wording by Hermes, 2 by the rules.'],
  [varied(['rules'], 'rules'), '1 wording by the rules, without a language model.'],
  [varied([]), 'No wording was made.'],
])('who spoke (%#)', (spoken, sentence) => {
  expect(spokenSentence(spoken)).toBe(sentence);
});

test('the same repair of several wordings is one sentence', () => {
  const repaired = (variation: number): WordingNotice => ({
    kind: 'repaired',
    variation,
    field: 'refinerPrompt',
    fault: 'too-long',
  });
  expect(noticeSentences([repaired(0), repaired(2), { kind: 'surplus', count: 3 }])).toEqual([
    'The refiner’s text: what was too long was put right. (2 times)',
    '3 wordings more than asked for were left out.',
  ]);
});

test.each([
  ['model-missing', { pack: 'qwen2.5-1.5b-instruct' }, /Get it under Models/],
  ['model-missing', { path: 'a.wasm', hosts: 'b.example' }, /^a\.wasm is not to be had from b\.example/],
  ['model-corrupt', { path: 'shard_3.bin' }, /^shard_3\.bin is not what/],
  [
    'bad-request',
    { field: 'wording.model', found: 'X', allowed: 'a name' },
    /^X is not a name \(wording\.model/,
  ],
  ['engine-lost', {}, /once more/],
] as const)('%s %j: why a model is silent', (code, details, sentence) => {
  expect(whySilent(code, details)).toMatch(sentence);
});

test('a speaker says what it still needs; the bar does not fall when it is loaded after it was fetched', () => {
  const state = { speaker: 'webllm', model: 'M', reason: '' } as const;
  expect(speakerWords('webllm', { ...state, state: 'after-download', bytes: null })).toMatch(
    /\(has to be fetched\)$/,
  );
  expect(speakerWords('webllm', { ...state, state: 'ready', bytes: 0 })).toBe(
    'A language model on the graphics card',
  );
  expect(speakerWords('rules', undefined)).toBe('Rules, no model');
  const shares = [
    { phase: 'fetching', done: 1 },
    { phase: 'loading', done: 0 },
    { phase: 'loading', done: 1 },
  ] as const;
  expect(shares.map(shareDone)).toEqual([0.9, 0.9, 1]);
  expect(newsWords({ phase: 'writing', done: null })).toBe('The language model is writing');
});
