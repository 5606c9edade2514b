/** The flow of Chrome's Prompt API over a fake of it; whether the real one speaks, only that browser can tell. */
import { expect, test, vi } from 'vitest';
import type { LanguageNews, LanguageQuestion } from '../../src/core/wording';
import { askBrowserModel, type BrowserModel, browserModelState } from '../../src/engines/browserModel';

const question: LanguageQuestion = {
  system: 'You write.',
  user: 'Write 2.',
  schema: '{"type":"object"}',
  mostTokens: 99,
  temperature: 0.8,
  seed: 6,
};
const { signal: never } = new AbortController();

function fakeModel(change: Partial<BrowserModel> = {}) {
  const prompt = vi.fn(async (text: string) => `{"answer to":"${text}"}`);
  const destroy = vi.fn();
  const create = vi.fn(async ({ monitor }: Parameters<BrowserModel['create']>[0]) => {
    const target = new EventTarget();
    monitor(target);
    target.dispatchEvent(Object.assign(new Event('downloadprogress'), { loaded: 0.4 }));
    return { prompt, destroy };
  });
  const model: BrowserModel = { availability: async () => 'available', create, ...change };
  return { prompt, destroy, create, model };
}

test.each([
  ['available', 'ready'],
  ['downloadable', 'after-download'],
  ['downloading', 'after-download'],
  ['unavailable', 'unavailable'],
] as const)('what the browser calls %s is %s', async (availability, state) => {
  const { model } = fakeModel({ availability: async () => availability });
  expect(await browserModelState(model)).toMatchObject({ speaker: 'browser', state });
});

test('a browser without the API says so', async () => {
  expect(await browserModelState(null)).toMatchObject({
    state: 'unavailable',
    reason: expect.stringMatching(/brings no/),
  });
  await expect(askBrowserModel(null, question, never)).rejects.toMatchObject({ code: 'model-missing' });
});

test('a browser that does not even say is one without', async () => {
  const { model } = fakeModel({
    availability: async () => {
      throw new DOMException('not in this frame', 'NotAllowedError');
    },
  });
  expect(await browserModelState(model)).toMatchObject({
    state: 'unavailable',
    reason: expect.stringContaining('not fit'),
  });
});

test('one session, the schema as a constraint, and the session is given back', async () => {
  const { model, create, prompt, destroy } = fakeModel();
  const news: LanguageNews[] = [];
  const answer = await askBrowserModel(model, question, never, (n) => news.push(n));
  expect(answer.text).toBe('{"answer to":"Write 2."}');
  expect(create.mock.calls[0]![0]).toMatchObject({
    initialPrompts: [{ role: 'system', content: 'You write.' }],
  });
  expect(prompt.mock.calls).toEqual([
    ['Write 2.', { responseConstraint: { type: 'object' }, signal: never }],
  ]);
  expect(destroy).toHaveBeenCalledOnce();
  expect(news).toEqual([
    { phase: 'fetching', done: 0.4 },
    { phase: 'writing', done: null },
  ]);
});

test('a model that cannot be fetched, a cancel, and an answer that fails', async () => {
  const refusing = fakeModel({
    create: () => Promise.reject(new DOMException('no room', 'QuotaExceededError')),
  });
  await expect(askBrowserModel(refusing.model, question, never)).rejects.toMatchObject({
    code: 'download-failed',
    details: { reason: 'no room' },
  });
  const aborting = fakeModel({ create: () => Promise.reject(new DOMException('', 'AbortError')) });
  await expect(askBrowserModel(aborting.model, question, never)).rejects.toMatchObject({
    name: 'AbortError',
  });
  const { model, prompt, destroy } = fakeModel();
  prompt.mockRejectedValue(new Error('filtered'));
  await expect(askBrowserModel(model, question, never)).rejects.toThrow('filtered');
  expect(destroy).toHaveBeenCalledOnce();
});
