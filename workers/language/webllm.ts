/**
 * WebLLM as a speaker; the only door to the library, which is loaded with the first question. The model is unloaded
 * before an answer is given: the next engine wants the GPU.
 */
import type { AppConfig, ChatCompletion, MLCEngine } from '@mlc-ai/web-llm';
import { untilAborted } from '../../src/core/abort';
import { AppError, isAbort } from '../../src/core/errors';
import type { GpuFacts } from '../../src/core/gpu';
import type {
  LanguageAnswer,
  LanguageNews,
  LanguageQuestion,
  LanguageWish,
  SpeakerState,
} from '../../src/core/wording';
import type { Report } from '../../src/engines/contracts';
import type { Patience } from '../../src/models/fetchChunks';
import { type FilesNews, libraryKey, missingBytes, readyFiles } from './webllmFiles';
import { chosenModel, folderOf, isAddress, type ModelRecord, modelAt } from './webllmModels';

type WebLlm = typeof import('@mlc-ai/web-llm');

/** For the question itself; with the answer, rounded up, it makes the window that memory is taken for. */
const QUESTION_TOKENS = 1024;
const WINDOW_STEP = 1024;
const IMITATED =
  'This is no real graphics card: the processor imitates one. A model on the processor is faster.';
const BYTES_A_MB = 1e6;
/** Qwen3 and its like think aloud first, which no JSON has room for. */
const THINKS = /qwen3/i;

/** @throws as `LanguageEngine.answer` */
export async function askWebLlm(
  question: LanguageQuestion,
  wish: LanguageWish,
  facts: GpuFacts | null,
  signal: AbortSignal,
  report: Report<LanguageNews> = () => {},
  patience?: Patience,
): Promise<LanguageAnswer> {
  if (!facts) throw new AppError('gpu-missing', 'the browser gives no GPU', { engine: 'language' });
  const library = await import('@mlc-ai/web-llm');
  const record = recordFor(library, wish, facts);
  report({ phase: 'checking', done: null });
  // Two windows would fetch and purge the same files.
  await navigator.locks.request(`webllm ${folderOf(record)}`, { signal }, () =>
    readyFiles(record, signal, (news) => report(asNews(news)), patience),
  );
  const engine = new library.MLCEngine({
    appConfig: configFor(record, question),
    logLevel: 'SILENT',
    initProgressCallback: ({ progress }) => report({ phase: 'loading', done: progress }),
  });
  try {
    await loaded(engine, record, signal);
    report({ phase: 'writing', done: null });
    return { text: await spoken(engine, record, question, signal), model: record.model_id };
  } catch (error) {
    throw isAbort(error) || error instanceof AppError ? error : asAppErrorOf(error, record);
  } finally {
    await engine.unload().catch(() => undefined);
  }
}

/** What would speak, and what of it is still to be fetched. Nothing is started. */
export async function webLlmState(wish: LanguageWish, facts: GpuFacts | null): Promise<SpeakerState> {
  const never = (reason: string): SpeakerState => ({
    speaker: 'webllm',
    state: 'unavailable',
    model: '',
    bytes: null,
    reason,
  });
  if (!facts) return never('This browser gives web pages no graphics card.');
  try {
    const library = await import('@mlc-ai/web-llm');
    const record = recordFor(library, wish, facts);
    const missing = await missingBytes(record);
    return {
      speaker: 'webllm',
      state: missing === 0 ? 'ready' : 'after-download',
      model: record.model_id,
      bytes: missing ?? (record.vram_required_MB ? record.vram_required_MB * BYTES_A_MB : null),
      reason: '',
    };
  } catch (error) {
    if (isAbort(error)) throw error;
    // No fault of the other speakers: its code may not be here yet.
    if (!(error instanceof AppError)) return never('WebLLM could not be loaded.');
    return never(String(error.details['reason'] ?? `${error.message}.`));
  }
}

function recordFor(library: WebLlm, { model, library: address }: LanguageWish, facts: GpuFacts): ModelRecord {
  if (isAddress(model)) return modelAt(model, address, facts.features);
  if (facts.software) {
    throw new AppError('gpu-too-small', 'the processor imitates the GPU', { reason: IMITATED });
  }
  return chosenModel(library.prebuiltAppConfig.model_list, model, facts);
}

function configFor(record: ModelRecord, { mostTokens }: LanguageQuestion): AppConfig {
  const tokens = QUESTION_TOKENS + mostTokens;
  return {
    cacheBackend: 'indexeddb',
    model_list: [
      {
        model: record.model,
        model_id: record.model_id,
        model_lib: libraryKey(record.model_lib),
        overrides: {
          ...record.overrides,
          context_window_size: WINDOW_STEP * Math.ceil(tokens / WINDOW_STEP),
          // The library refuses a model that has both kinds of window.
          sliding_window_size: -1,
        },
      },
    ],
  };
}

/** The library has no cancel while it loads, and calls one that was cut short a success: what comes then is unloaded. */
async function loaded(engine: MLCEngine, { model_id }: ModelRecord, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const loading = engine.reload(model_id);
  try {
    await untilAborted(loading, signal);
  } catch (error) {
    if (isAbort(error)) void loading.then(() => engine.unload()).catch(() => undefined);
    throw error;
  }
}

async function spoken(
  engine: MLCEngine,
  { model_id }: ModelRecord,
  { system, user, schema, mostTokens, temperature, seed }: LanguageQuestion,
  signal: AbortSignal,
): Promise<string> {
  const interrupt = () => engine.interruptGenerate();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const completion: ChatCompletion = await engine.chat.completions.create({
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ],
      response_format: { type: 'json_object', schema },
      max_tokens: mostTokens,
      temperature,
      seed,
      ...(THINKS.test(model_id) && { extra_body: { enable_thinking: false } }),
    });
    signal.throwIfAborted();
    return completion.choices[0]?.message.content ?? '';
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

function asNews({ phase, doneBytes, allBytes }: FilesNews): LanguageNews {
  return { phase, done: allBytes ? doneBytes / allBytes : null };
}

/** The library's errors have names; a full GPU shows as a lost one. */
function asAppErrorOf(error: unknown, { model_id }: ModelRecord): AppError {
  const { name = '', message = String(error) } = (error ?? {}) as Partial<Error>;
  const words = `${model_id}: ${message}`;
  switch (name) {
    case 'WebGPUNotAvailableError':
      return new AppError('gpu-missing', words, { engine: 'language' }, { cause: error });
    case 'DeviceLostError':
    case 'ShaderF16SupportError':
    case 'FeatureSupportError': {
      const reason = `The graphics card cannot hold or compute ${model_id}.`;
      return new AppError('gpu-too-small', words, { reason }, { cause: error });
    }
    default:
      return new AppError('internal', words, { engine: 'language' }, { cause: error });
  }
}
