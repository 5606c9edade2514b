/**
 * The language model that a browser brings along (Chrome's Prompt API), in the window: workers do not have it.
 * https://developer.chrome.com/docs/ai/prompt-api
 */
import { AppError, isAbort } from '../core/errors';
import type { LanguageAnswer, LanguageNews, LanguageQuestion, SpeakerState } from '../core/wording';
import type { Report } from './contracts';

type Availability = 'unavailable' | 'downloadable' | 'downloading' | 'available';
interface Languages {
  readonly expectedInputs: readonly { readonly type: 'text'; readonly languages: readonly string[] }[];
  readonly expectedOutputs: readonly { readonly type: 'text'; readonly languages: readonly string[] }[];
}
interface Session {
  prompt(
    text: string,
    options: { readonly responseConstraint: object; readonly signal: AbortSignal },
  ): Promise<string>;
  destroy(): void;
}
/** As much of the API as is used here. */
export interface BrowserModel {
  availability(options: Languages): Promise<Availability>;
  create(
    options: Languages & {
      readonly initialPrompts: readonly { readonly role: 'system'; readonly content: string }[];
      readonly signal: AbortSignal;
      readonly monitor: (monitor: EventTarget) => void;
    },
  ): Promise<Session>;
}

const NAME = 'the browser’s own model';
const ENGLISH: Languages = {
  expectedInputs: [{ type: 'text', languages: ['en'] }],
  expectedOutputs: [{ type: 'text', languages: ['en'] }],
};

export function browserModel(): BrowserModel | null {
  return (globalThis as { LanguageModel?: BrowserModel }).LanguageModel ?? null;
}

export async function browserModelState(model: BrowserModel | null): Promise<SpeakerState> {
  // It may refuse to say so, in a frame or to a policy: that is no fault of the other speakers.
  const known = model ? await model.availability(ENGLISH).catch(() => 'unavailable' as const) : 'unavailable';
  const told = { speaker: 'browser', model: NAME, bytes: null } as const;
  if (known === 'available') return { ...told, state: 'ready', bytes: 0, reason: '' };
  if (known !== 'unavailable') return { ...told, state: 'after-download', reason: '' };
  const reason = model
    ? 'This computer is not fit for the model that the browser brings along.'
    : 'This browser brings no language model along.';
  return { ...told, state: 'unavailable', model: '', reason };
}

/**
 * The API takes neither seed nor temperature from pages: the same question may be answered otherwise.
 * @throws AppError model-missing when it is not to be had; download-failed; AbortError
 */
export async function askBrowserModel(
  model: BrowserModel | null,
  { system, user, schema }: LanguageQuestion,
  signal: AbortSignal,
  report: Report<LanguageNews> = () => {},
): Promise<LanguageAnswer> {
  const state = await browserModelState(model);
  if (!model || state.state === 'unavailable') {
    throw new AppError('model-missing', state.reason, { reason: state.reason });
  }
  const session = await model
    .create({
      ...ENGLISH,
      initialPrompts: [{ role: 'system', content: system }],
      signal,
      monitor: (monitor) =>
        monitor.addEventListener('downloadprogress', (event) =>
          report({ phase: 'fetching', done: (event as ProgressEvent).loaded }),
        ),
    })
    .catch((error: unknown) => {
      if (isAbort(error)) throw error;
      const reason = String((error as Error).message);
      throw new AppError('download-failed', reason, { host: NAME, reason }, { cause: error });
    });
  try {
    report({ phase: 'writing', done: null });
    const text = await session.prompt(user, { responseConstraint: JSON.parse(schema) as object, signal });
    return { text, model: NAME };
  } finally {
    session.destroy();
  }
}
