/** Which worker of the speakers is ended when. */
import { afterEach, expect, test, vi } from 'vitest';
import { untilAborted } from '../../src/core/abort';
import type { LanguageQuestion, LanguageWish } from '../../src/core/wording';
import { heavyTurns } from '../../src/engines/heavy';
import { connectLanguage } from '../../src/engines/language';
import { type ChannelWorker, channelWorker } from '../fakes/channelWorker';

afterEach(() => vi.unstubAllGlobals());

const { signal: never } = new AbortController();
const wish: LanguageWish = { speaker: 'cpu', model: '', library: '' };
const question: LanguageQuestion = {
  system: 's',
  user: 'u',
  schema: '{}',
  mostTokens: 7,
  temperature: 1,
  seed: 3,
};

function setUp() {
  const workers: ChannelWorker[] = [];
  let look = () => {};
  const looked = new Promise<void>((resolve) => {
    look = resolve;
  });
  const methods = {
    async speakers() {
      await looked;
      return [];
    },
    async answer({ mostTokens }: LanguageQuestion, _wish: LanguageWish, signal: AbortSignal) {
      if (mostTokens === 7) return { text: '{}', model: 'Little' };
      return await untilAborted(new Promise<never>(() => {}), signal);
    },
  };
  // No arrow: it is called with `new`.
  vi.stubGlobal('Worker', function start() {
    const worker = channelWorker(methods);
    workers.push(worker);
    return worker;
  });
  const turn = heavyTurns();
  const { engine, stop } = connectLanguage(20, turn);
  return { workers, look, turn, engine, stop };
}

test('a look at the speakers outlives an answer, its cancel, and the engine that comes next', async () => {
  const { workers, look, turn, engine, stop } = setUp();
  const states = engine.speakers({}, never);
  const cancel = new AbortController();
  const cancelled = engine.answer({ ...question, mostTokens: 9 }, wish, cancel.signal);
  setTimeout(() => cancel.abort());
  await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
  expect(await engine.answer(question, wish, never)).toEqual({ text: '{}', model: 'Little' });
  await turn({ stop() {} }, never, async () => {});
  look();
  expect(await states).toEqual([expect.objectContaining({ speaker: 'browser', state: 'unavailable' })]);
  expect(workers.length).toBeGreaterThan(1);
  stop();
});
