/** Real inference on the processor: llama.cpp in WebAssembly on a model of random weights. */
import { afterEach, expect, test, vi } from 'vitest';
import { LANGUAGE_PACK, type LanguageNews, type LanguageWish } from '../../src/core/wording';
import type { LanguageEngine } from '../../src/engines/contracts';
import { heavyTurns } from '../../src/engines/heavy';
import { connectLanguage } from '../../src/engines/language';
import { questionFor, readAnswer } from '../../src/pipeline/language/question';
import { WorkerHost } from '../../src/rpc/host';
import workerUrl from './languageCpu.worker.ts?worker&url';

const hosts: WorkerHost<LanguageEngine>[] = [];
afterEach(() => {
  for (const host of hosts.splice(0)) host.stop();
});

function open(query = ''): LanguageEngine {
  const host = new WorkerHost<LanguageEngine>({
    name: 'language',
    graceMs: 20_000,
    start: () => new Worker(`${workerUrl}${query}`, { type: 'module' }),
  });
  hosts.push(host);
  return host.engine;
}

const { signal: never } = new AbortController();
const wish: LanguageWish = { speaker: 'cpu', model: '', library: '' };
const base = { prompt: 'open eyes', negativePrompt: 'hats', refinerPrompt: '', refinerNegativePrompt: '' };
/** Texts are short, so that random letters come to an end. */
const question = (seed: number, mostTokens = 2000) => {
  const asked = questionFor({ base, count: 1, seed }, 0.8);
  return { ...asked, mostTokens, schema: asked.schema.replaceAll('"maxLength":320', '"maxLength":24') };
};

test('random weights answer with JSON of the schema; the seed decides which', async () => {
  const engine = open();
  const news: LanguageNews[] = [];
  const first = await engine.answer(question(3), wish, never, (n) => news.push(n));
  expect(first.model).toBe('Tiny');
  const [wording] = readAnswer(first.text)!;
  expect(Object.keys(wording!).sort()).toEqual([
    'negativePrompt',
    'prompt',
    'refinerNegativePrompt',
    'refinerPrompt',
  ]);
  expect(news.map(({ phase }) => phase)).toEqual(['loading', 'writing']);
  expect((await engine.answer(question(3), wish, never)).text).toBe(first.text);
  expect((await engine.answer(question(4), wish, never)).text).not.toBe(first.text);
});

test('an answer that is cut is what was said so far', async () => {
  const { text } = await open().answer(question(3, 40), wish, never);
  expect(text.length).toBeGreaterThan(20);
  expect(() => JSON.parse(text)).toThrow();
});

test('a cancel while it writes is heard, and the next question is answered', async () => {
  const engine = open();
  const cancel = new AbortController();
  const report = ({ phase }: LanguageNews) => {
    if (phase === 'writing') cancel.abort();
  };
  await expect(engine.answer(question(5), wish, cancel.signal, report)).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect(readAnswer((await engine.answer(question(5), wish, never)).text)).toHaveLength(1);
});

test('a file that is no model is told by name', async () => {
  await expect(open('&broken').answer(question(1), wish, never)).rejects.toMatchObject({
    code: 'model-corrupt',
    details: { path: 'tiny.gguf' },
  });
});

test('in the app another heavy engine is ended before, and the worker when it has answered, even with a no', async () => {
  const ended: string[] = [];
  const terminate = Worker.prototype.terminate;
  const spy = vi.spyOn(Worker.prototype, 'terminate').mockImplementation(function (this: Worker) {
    ended.push('language');
    terminate.call(this);
  });
  const turn = heavyTurns();
  await turn({ stop: () => void ended.push('painter') }, never, async () => {});
  const { engine } = connectLanguage(3000, turn);
  await expect(engine.answer(question(1), wish, never)).rejects.toMatchObject({
    code: 'model-missing',
    details: { pack: LANGUAGE_PACK },
  });
  expect(ended).toEqual(['painter', 'language']);
  await expect(engine.tokens(['open eyes'], never)).rejects.toMatchObject({ code: 'model-missing' });
  spy.mockRestore();
});

test('it stands ready without a GPU, WebLLM does not', async () => {
  expect(await open().speakers({}, never)).toEqual([
    expect.objectContaining({ speaker: 'webllm', state: 'unavailable' }),
    expect.objectContaining({ speaker: 'cpu', state: 'ready', model: 'Tiny' }),
  ]);
});
