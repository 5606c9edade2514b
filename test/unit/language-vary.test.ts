/** Variations by a model and by the rules, over a fake engine that counts with the painter's tokenizer where it is here. */
import { expect, test } from 'vitest';
import { AppError } from '../../src/core/errors';
import type { LanguageWish, Wording, WordingRequest } from '../../src/core/wording';
import type { LanguageEngine } from '../../src/engines/contracts';
import { asRead } from '../../src/pipeline/language/phrases';
import { varyWordings } from '../../src/pipeline/language/varyWordings';
import { clip, clipTokens } from './clip';

const base: Wording = {
  prompt: 'photo of a person with open eyes, {iris} iris',
  negativePrompt: 'closed eyes',
  refinerPrompt: '',
  refinerNegativePrompt: '',
};
const request: WordingRequest = { base, count: 3, seed: 5 };
const wish: LanguageWish = { speaker: 'webllm', model: '', library: '' };
const { signal } = new AbortController();

function speaking(answer: () => string): LanguageEngine {
  return {
    speakers: async () => [],
    answer: async () => ({ text: answer(), model: 'Little-1B' }),
    tokens: async (texts) => texts.map((text) => (clip ? clipTokens(text) : text.split(' ').length)),
  };
}
const vary = (answer: () => string, asked = request) =>
  varyWordings(asked, { model: wish, temperature: 0.9 }, speaking(answer), signal);
const entry = (i: number) => ({
  prompt: `photo of a person with open eyes, {iris} iris, lash ${i}`,
  negative_prompt: `seam ${i}`,
  refiner_prompt: `photo of a person with open eyes, {iris} iris, pore ${i}`,
  refiner_negative_prompt: `halo ${i}`,
});
const answerOf = (entries: readonly object[]) => () => JSON.stringify({ variations: entries });

test('a good answer is the model’s, and says which model', async () => {
  const varied = await vary(answerOf([entry(1), entry(2), entry(3)]));
  expect(varied).toMatchObject({ speaker: 'webllm', model: 'Little-1B', notices: [] });
  expect(varied.wordings.map(({ speaker }) => speaker)).toEqual(['webllm', 'webllm', 'webllm']);
  expect(varied.wordings[1]!.wording.negativePrompt).toBe('closed eyes, seam 2');
});

test('what is missing comes from the rules, and is told', async () => {
  const { wordings, notices } = await vary(answerOf([entry(1), { prompt: 'a dog' }]));
  expect(wordings.map(({ speaker }) => speaker)).toEqual(['webllm', 'rules', 'rules']);
  expect(notices).toEqual([
    { kind: 'dropped', variation: 1, fault: 'strayed' },
    { kind: 'filled', count: 2 },
  ]);
});

test('an answer that is none, and a model that fails, leave it to the rules', async () => {
  const talk = await vary(() => 'As a language model I would rather not.');
  expect(talk.notices).toEqual([{ kind: 'unreadable' }, { kind: 'filled', count: 3 }]);
  const broken = await vary(() => {
    throw new AppError('gpu-missing', 'no GPU', { engine: 'language' });
  });
  expect(broken.notices[0]).toEqual({ kind: 'failed', code: 'gpu-missing', details: { engine: 'language' } });
  expect(broken.wordings.map(({ speaker }) => speaker)).toEqual(['rules', 'rules', 'rules']);
});

test('a cancel is no failure of the model', async () => {
  const cancelled = vary(() => {
    throw new DOMException('cancelled', 'AbortError');
  });
  await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
});

test('the rules alone ask no model', async () => {
  const mute = speaking(() => {
    throw new Error('asked');
  });
  const varied = await varyWordings(request, { model: null, temperature: 1 }, mute, signal);
  expect(varied).toMatchObject({ speaker: 'rules', model: '', notices: [] });
  expect(varied.wordings).toHaveLength(3);
});

test.skipIf(!clip)('a repaired phrase is counted by its words; all fit the encoder', async () => {
  const long = Array.from({ length: 24 }, (_, i) => `blue eyes of kind ${i}`).join(', ');
  const { wordings } = await vary(answerOf([{ ...entry(1), prompt: `${entry(1).prompt}, ${long}` }]));
  expect(wordings[0]!.speaker).toBe('webllm');
  for (const { wording } of wordings) expect(clip!(asRead(wording.prompt)).cut).toBe('');
});

test('a prompt without room is told, and gives fewer wordings rather than the same again', async () => {
  const full = { ...base, prompt: `open eyes, {iris} iris, ${'very '.repeat(80)}fine` };
  const { wordings, notices } = await vary(() => '', { ...request, base: full });
  expect(wordings).toEqual([]);
  expect(notices).toContainEqual({ kind: 'no-room', field: 'prompt' });
});

test.each([
  [{ count: 0 }, 'count'],
  [{ count: 17 }, 'count'],
  [{ base: { ...base, prompt: ' , ' } }, 'prompt'],
])('%j is refused', async (change, field) => {
  const refused = vary(() => '', { ...request, ...change });
  await expect(refused).rejects.toMatchObject({ code: 'bad-request', details: { field } });
});
