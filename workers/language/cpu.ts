/**
 * A language model on the processor, which leaves the GPU to the painter: llama.cpp as WebAssembly (wllama), the only
 * door to it, loaded with the first question. The model is a GGUF file of a pack of the shelf.
 */

import type { Wllama } from '@wllama/wllama';
import binary from '@wllama/wllama/esm/wasm/wllama.wasm?url';
import { untilAborted } from '../../src/core/abort';
import { AppError, isAbort } from '../../src/core/errors';
import type { OpenPack } from '../../src/core/packDisk';
import {
  LANGUAGE_PACK,
  type LanguageAnswer,
  type LanguageNews,
  type LanguageQuestion,
  type SpeakerState,
} from '../../src/core/wording';
import type { Report } from '../../src/engines/contracts';

/** For the question itself; with the answer it makes the window that memory is taken for. */
const QUESTION_TOKENS = 1024;
/** Left to the page. */
const SPARE_CORES = 1;
const MOST_THREADS = 8;
const MAGIC = 'GGUF';
const SILENT = { debug() {}, log() {}, warn() {}, error() {} };

/** @param opened null: its pack is not whole here. @throws as `LanguageEngine.answer` */
export async function askCpu(
  question: LanguageQuestion,
  opened: OpenPack | null,
  signal: AbortSignal,
  report: Report<LanguageNews> = () => {},
): Promise<LanguageAnswer> {
  if (!opened) {
    throw new AppError('model-missing', 'the language model is not on this computer', {
      pack: LANGUAGE_PACK,
    });
  }
  const { pack, files } = opened;
  const parts = Object.entries(files)
    .filter(([path]) => path.endsWith('.gguf'))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const [path = '*.gguf', first = new Blob()] = parts[0] ?? [];
  // The runtime stops without a word at anything else.
  if ((await first.slice(0, MAGIC.length).text()) !== MAGIC) {
    throw new AppError('model-corrupt', `${path} is no GGUF file`, { pack: pack.id, path });
  }
  const library = await import('@wllama/wllama');
  const runtime = new library.Wllama(
    { default: new URL(binary, import.meta.url).href },
    { suppressNativeLog: true, logger: SILENT as never },
  );
  // Browsers without JSPI would be given another build, from a public server. The runtime's own worker starts from a
  // `blob:` address, which a content security policy has to allow.
  runtime.setCompat(null);
  try {
    report({ phase: 'loading', done: null });
    const model = runtime.loadModel(
      parts.map(([, blob]) => blob),
      {
        n_ctx: QUESTION_TOKENS + question.mostTokens,
        n_parallel: 1,
        // None: no layer on the GPU, and no GPU asked for.
        n_gpu_layers: 0,
        n_threads: Math.max(1, Math.min(MOST_THREADS, (navigator.hardwareConcurrency || 2) - SPARE_CORES)),
      },
    );
    await untilAborted(model, signal);
    report({ phase: 'writing', done: null });
    return { text: await spoken(runtime, question, signal), model: pack.title };
  } catch (error) {
    signal.throwIfAborted();
    if (isAbort(error) || error instanceof AppError) throw error;
    const { message = String(error) } = error as Partial<Error>;
    throw new AppError('internal', `${pack.id}: ${message}`, { engine: 'language' }, { cause: error });
  } finally {
    await runtime.exit().catch(() => undefined);
  }
}

/** Piece by piece: an answer that is cut where its tokens end makes llama.cpp stop with an error, and what was said counts. */
async function spoken(
  runtime: Wllama,
  { system, user, schema, mostTokens, temperature, seed }: LanguageQuestion,
  signal: AbortSignal,
): Promise<string> {
  const pieces = await runtime.createChatCompletion({
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: user },
    ],
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'variations', schema: JSON.parse(schema), strict: true },
    },
    max_tokens: mostTokens,
    temperature,
    seed,
    stream: true,
    abortSignal: signal,
  });
  let text = '';
  try {
    for await (const { choices } of pieces) text += choices[0]?.delta.content ?? '';
  } catch (error) {
    signal.throwIfAborted();
    if (text === '') throw error;
  }
  return text;
}

export function cpuState(opened: OpenPack | null): SpeakerState {
  const told = { speaker: 'cpu', bytes: 0 } as const;
  if (opened) return { ...told, state: 'ready', model: opened.pack.title, reason: '' };
  const reason = 'Its model is not on this computer. Get it under Models.';
  return { ...told, state: 'unavailable', model: '', reason };
}
