/** The speakers: those of the worker, and the browser's own in the window. */
import { WorkerHost } from '../rpc/host';
import { askBrowserModel, browserModel, browserModelState } from './browserModel';
import type { LanguageEngine } from './contracts';
import type { HeavyTurn } from './heavy';

const IDLE_MS = 5000;

export function connectLanguage(
  graceMs: number,
  turn: HeavyTurn,
): { readonly engine: LanguageEngine; stop(): void } {
  const host = () =>
    new WorkerHost<LanguageEngine>({
      name: 'language',
      graceMs,
      idleMs: IDLE_MS,
      start: () =>
        new Worker(new URL('../../workers/language.worker.ts', import.meta.url), {
          type: 'module',
          name: 'language',
        }),
    });
  // The one that speaks is ended after each answer, and by other engines: no call that only looks may die with it.
  const speaking = host();
  const looking = host();
  return {
    engine: {
      async speakers(wishes, signal) {
        const own = await browserModelState(browserModel());
        return [...(await looking.engine.speakers(wishes, signal)), own];
      },
      answer: async (question, wish, signal, report) => {
        if (wish.speaker === 'browser')
          return await askBrowserModel(browserModel(), question, signal, report);
        return await turn(speaking, signal, async () => {
          try {
            return await speaking.engine.answer(question, wish, signal, report);
          } finally {
            // All that it holds goes with its worker: the next engine wants it.
            speaking.stop();
          }
        });
      },
      tokens: (texts, signal) => looking.engine.tokens(texts, signal),
    },
    stop() {
      speaking.stop();
      looking.stop();
    },
  };
}
