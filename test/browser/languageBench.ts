/** A model of WebLLM's on a server that misbehaves, and workers with the real engine as windows would have them. */
import { inject } from 'vitest';
import type { LanguageNews, LanguageQuestion, LanguageWish, Wording } from '../../src/core/wording';
import type { LanguageEngine } from '../../src/engines/contracts';
import { md5 } from '../../src/models/md5';
import { questionFor } from '../../src/pipeline/language/question';
import { WorkerHost } from '../../src/rpc/host';
import { changeScenario, requestsOf, serveScenario } from '../packs/client';
import type { Scenario, ServedFile } from '../packs/scenario';
import { noiseBytes } from '../packs/servedBytes';
import type { TestLanguage } from './language.worker';
import workerUrl from './language.worker.ts?worker&url';
import { sharedStandIn } from './sharedPhoto';

const MAIN = 'resolve/main/';
export const SHARDS = 9;
const SHARD_BYTES = 64 * 64 * 4;
export const shardPath = (i: number) => `${MAIN}params_shard_${i}.bin`;
const SCOPES = ['webllm/config', 'webllm/model', 'webllm/wasm'] as const;

/** Every character is a token. */
const CHARACTERS = [
  '<unk>',
  '<s>',
  '</s>',
  '\n',
  ...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)),
];
const TOKENIZER = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [0, 1, 2].map((id) => ({
    id,
    content: CHARACTERS[id],
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: { type: 'Fuse' },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: '<unk>',
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    vocab: Object.fromEntries(CHARACTERS.map((character, id) => [character, id])),
    merges: [],
  },
};
const SETTINGS = {
  model_type: 'llama',
  quantization: 'q0f32',
  vocab_size: CHARACTERS.length,
  context_window_size: 2048,
  sliding_window_size: -1,
  attention_sink_size: -1,
  prefill_chunk_size: 256,
  tokenizer_files: ['tokenizer.json'],
  tokenizer_info: {
    token_postproc_method: 'raw',
    prepend_space_in_encode: false,
    strip_space_in_decode: false,
  },
  conv_template: {
    name: 't',
    system_template: '{system_message}\n',
    system_message: '',
    roles: { user: 'U: ', assistant: 'A: ', tool: 'T: ' },
    role_templates: { user: '{user_message}', assistant: '{assistant_message}', tool: '{tool_message}' },
    seps: ['\n'],
    role_content_sep: '',
    role_empty_sep: '',
    stop_str: [],
    stop_token_ids: [2],
  },
  temperature: 0.7,
  top_p: 0.95,
  repetition_penalty: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  bos_token_id: 1,
};

const BASE: Wording = {
  prompt: 'open eyes, {iris} iris',
  negativePrompt: 'closed eyes',
  refinerPrompt: '',
  refinerNegativePrompt: '',
};
export const QUESTION: LanguageQuestion = questionFor({ base: BASE, count: 2, seed: 7 }, 0.85);
const entry = (i: number) => ({
  prompt: `open eyes, {iris} iris, lash ${i}`,
  negative_prompt: `seam ${i}`,
  refiner_prompt: `open eyes, pore ${i}`,
  refiner_negative_prompt: `halo ${i}`,
});
export const REPLY = JSON.stringify({ variations: [entry(1), entry(2)] });

/** In the order in which the app asks for them. */
export const PATHS = ['mlc-chat-config.json', 'tensor-cache.json', 'tokenizer.json']
  .map((name) => MAIN + name)
  .concat(
    'library.wasm',
    Array.from({ length: SHARDS }, (_, i) => shardPath(i)),
  );

const files: Readonly<Record<string, ServedFile>> = Object.fromEntries(
  Array.from({ length: SHARDS }, (_, i) => [shardPath(i), { bytes: SHARD_BYTES, seed: 31 + i }]),
);

interface StandInModule {
  trampolineBytes(): Uint8Array;
}
export interface LanguageWindow {
  readonly engine: LanguageEngine & TestLanguage;
  stop(): void;
}
export interface LanguageBench {
  readonly wish: LanguageWish;
  readonly scenario: Scenario;
  /** A window of the app; `reply` is what its model says. */
  open(reply?: string, charactersPerSecond?: number): Promise<LanguageWindow>;
  answer(signal?: AbortSignal, report?: (news: LanguageNews) => void): Promise<string>;
  /** Paths that were asked for since the last look. */
  asked(): Promise<readonly string[]>;
  behave(change: Partial<Scenario>): Promise<void>;
  urlOf(path: string): string;
}

const windows: LanguageWindow[] = [];
const blobs: string[] = [];

/** Null without ../shared. */
export async function languageBench(change: Partial<Scenario> = {}): Promise<LanguageBench | null> {
  const code = await sharedStandIn();
  if (!code) return null;
  const standIn = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  blobs.push(standIn);
  const { trampolineBytes } = (await import(/* @vite-ignore */ standIn)) as StandInModule;
  const records = await Promise.all(
    Object.entries(files).map(async ([path, { bytes, seed }], i) => ({
      dataPath: path.slice(MAIN.length),
      format: 'raw-shard',
      nbytes: bytes,
      md5sum: await md5(noiseBytes(bytes, seed)),
      records: [
        { name: `p${i}`, shape: [64, 64], dtype: 'float32', format: 'raw', nbytes: bytes, byteOffset: 0 },
      ],
    })),
  );
  const list = { metadata: { ParamSize: SHARDS, ParamBytes: SHARDS * SHARD_BYTES }, records };
  const good: Scenario = {
    files,
    texts: {
      [`${MAIN}mlc-chat-config.json`]: JSON.stringify(SETTINGS),
      [`${MAIN}tensor-cache.json`]: JSON.stringify(list),
      [`${MAIN}tokenizer.json`]: JSON.stringify(TOKENIZER),
    },
    binaries: { 'library.wasm': btoa(String.fromCharCode(...trampolineBytes())) },
  };
  const base = await serveScenario(inject('packServer'), { ...good, ...change });
  const wish: LanguageWish = { speaker: 'webllm', model: base, library: `${base}library.wasm` };
  let seen = 0;
  const open = async (reply = REPLY, charactersPerSecond = Number.POSITIVE_INFINITY) => {
    const host = new WorkerHost<LanguageEngine & TestLanguage>({
      name: 'language',
      graceMs: 20_000,
      start: () => new Worker(`${workerUrl}&standin=${encodeURIComponent(standIn)}`, { type: 'module' }),
    });
    await host.engine.say(reply, charactersPerSecond);
    const window = { engine: host.engine, stop: () => host.stop() };
    windows.push(window);
    return window;
  };
  return {
    wish,
    scenario: good,
    open,
    async answer(signal = new AbortController().signal, report) {
      const { engine, stop } = await open();
      try {
        return (await engine.answer(QUESTION, wish, signal, report)).text;
      } finally {
        stop();
      }
    },
    async asked() {
      const all = (await requestsOf(base)).map(({ path }) => path);
      const since = all.slice(seen);
      seen = all.length;
      return since;
    },
    behave: (other) => changeScenario(base, { ...good, ...other }),
    urlOf: (path) => base + path,
  };
}

/** What lies in the library's databases: addresses without the server's, and the kind of each value. */
export async function onShelf(bench: LanguageBench): Promise<Readonly<Record<string, readonly string[]>>> {
  const shelf: Record<string, readonly string[]> = {};
  for (const scope of SCOPES) {
    const rows = await rowsOf(scope);
    shelf[scope] = rows
      .map(
        ({ url, data }) =>
          `${url.replace(bench.wish.model, '')} ${data instanceof ArrayBuffer ? data.byteLength : 'object'}`,
      )
      .sort();
  }
  return shelf;
}

/** As a careless library would have left it there. */
export async function spoil(scope: (typeof SCOPES)[number], url: string, data: unknown): Promise<void> {
  const database = await opened(scope);
  await new Promise((resolve) => {
    database.transaction('urls', 'readwrite').objectStore('urls').put({ url, data }).onsuccess = resolve;
  });
  database.close();
}

export async function clearAll(): Promise<void> {
  for (const window of windows.splice(0)) window.stop();
  for (const blob of blobs.splice(0)) URL.revokeObjectURL(blob);
  for (const scope of SCOPES) {
    await new Promise((resolve) => {
      const request = indexedDB.deleteDatabase(scope);
      request.onsuccess = resolve;
      request.onerror = resolve;
    });
  }
}

async function rowsOf(scope: string): Promise<readonly { readonly url: string; readonly data: unknown }[]> {
  const database = await opened(scope);
  try {
    return await new Promise((resolve) => {
      const request = database.transaction('urls').objectStore('urls').getAll();
      request.onsuccess = () => resolve(request.result);
    });
  } finally {
    database.close();
  }
}

function opened(scope: string): Promise<IDBDatabase> {
  return new Promise((resolve) => {
    const request = indexedDB.open(scope, 1);
    request.onupgradeneeded = () => request.result.createObjectStore('urls', { keyPath: 'url' });
    request.onsuccess = () => resolve(request.result);
  });
}
