/**
 * Everything that a model of WebLLM needs, whole and right on this computer before the library sees it. The library
 * would keep a cut shard or an error page for ever, and never looks at a shard's MD5. To check 1 GB takes about 3 s.
 */
import { AppError } from '../../src/core/errors';
import type { Patience } from '../../src/models/fetchChunks';
import { md5 } from '../../src/models/md5';
import { fetchWhole } from './fetchWhole';
import { folderOf, type ModelRecord } from './webllmModels';
import { isShelved, type Scope, shelve, shelved, unshelve } from './webllmShelf';

interface Artifact {
  readonly scope: Scope;
  /** Where it is fetched. */
  readonly url: string;
  /** Under which the library looks for it. */
  readonly key: string;
  readonly path: string;
  /** Null: not told. */
  readonly bytes: number | null;
  /** Why it is not what it should be; null: it is. */
  readonly fault: (bytes: Uint8Array<ArrayBuffer>) => Promise<string | null> | string | null;
  /** The library wants it parsed. */
  readonly isParsed?: boolean;
}

interface Shard {
  readonly dataPath: string;
  readonly nbytes: number;
  readonly md5sum?: string;
}

export interface FilesNews {
  readonly phase: 'checking' | 'fetching';
  readonly doneBytes: number;
  readonly allBytes: number;
}

/** `\0asm`, version 1. */
const WASM_MAGIC = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const TOKENIZERS = ['tokenizer.json', 'tokenizer.model'];

/**
 * The library fetches one whose address has this in it anew each time, also without a network: it is given another
 * name for what is on the disk.
 */
export function libraryKey(library: string): string {
  return library.replaceAll('localhost', 'local-host');
}

/**
 * In this order: the model's settings, the list of its shards, the tokenizer, the library, the shards. What is on the
 * disk is read and checked; what is wrong there, and what is missing, is fetched, checked, and kept.
 * @throws AppError as `fetchWhole`; model-corrupt (`details.path`), storage-full; AbortError. Files that are whole stay.
 */
export async function readyFiles(
  record: ModelRecord,
  signal: AbortSignal,
  tell: (news: FilesNews) => void,
  patience?: Patience,
): Promise<void> {
  const folder = folderOf(record);
  const one = (artifact: Artifact, done = (_: number) => {}) => ready(artifact, signal, done, patience);
  const settings = parsed(await one(settingsAt(folder)));
  const tokenizer = TOKENIZERS.find((name) => (settings['tokenizer_files'] as string[]).includes(name))!;
  const list = shardListAt(folder);
  const shards = parsed(await one(list))['records'] as readonly Shard[];
  await one(tokenizerAt(folder, tokenizer));
  await one(libraryAt(record.model_lib));
  const allBytes = shards.reduce((sum, { nbytes }) => sum + nbytes, 0);
  let before = 0;
  for (const shard of shards) {
    try {
      await one(shardAt(folder, shard), (doneBytes) =>
        tell({ phase: 'fetching', doneBytes: before + doneBytes, allBytes }),
      );
    } catch (error) {
      // The publisher may have changed the model since its list was kept.
      if (error instanceof AppError && error.code === 'model-corrupt') await unshelve(list.scope, list.key);
      throw error;
    }
    before += shard.nbytes;
    tell({ phase: 'checking', doneBytes: before, allBytes });
  }
}

/** What of a model is on this computer; nothing is read. Null: not even the list of its shards. */
export async function missingBytes(record: ModelRecord): Promise<number | null> {
  const folder = folderOf(record);
  const list = shardListAt(folder);
  const stored = await shelved(list.scope, list.key);
  if (!stored || list.fault(bytesOf(stored)) !== null) return null;
  const shards = parsed(bytesOf(stored))['records'] as readonly Shard[];
  let missing = 0;
  for (const shard of shards) {
    const { scope, key } = shardAt(folder, shard);
    if (!(await isShelved(scope, key))) missing += shard.nbytes;
  }
  return missing;
}

async function ready(
  artifact: Artifact,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
  patience?: Patience,
): Promise<Uint8Array<ArrayBuffer>> {
  signal.throwIfAborted();
  const { scope, key, url, path } = artifact;
  const stored = await shelved(scope, key);
  if (stored && hasForm(artifact, stored)) {
    const bytes = bytesOf(stored);
    if ((await faultOf(artifact, bytes)) === null) return bytes;
  }
  if (stored) await unshelve(scope, key);
  const bytes = new Uint8Array(await fetchWhole({ url, bytes: artifact.bytes }, signal, onBytes, patience));
  const fault = await faultOf(artifact, bytes);
  if (fault !== null) {
    const { host } = new URL(url);
    throw new AppError('model-corrupt', `${path} from ${host}: ${fault}`, { path, host, reason: fault });
  }
  await shelve(scope, key, artifact.isParsed ? parsed(bytes) : bytes.buffer);
  return bytes;
}

async function faultOf(artifact: Artifact, bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const { bytes: expected, fault } = artifact;
  if (expected !== null && bytes.length !== expected) return `${bytes.length} bytes, ${expected} are right`;
  return await fault(bytes);
}

/** In the form in which the library would read it. */
function hasForm({ isParsed = false }: Artifact, stored: ArrayBuffer | object): boolean {
  return stored instanceof ArrayBuffer !== isParsed;
}

function bytesOf(stored: ArrayBuffer | object): Uint8Array<ArrayBuffer> {
  return stored instanceof ArrayBuffer
    ? new Uint8Array(stored)
    : new TextEncoder().encode(JSON.stringify(stored));
}

function settingsAt(folder: string): Artifact {
  return jsonAt(folder, 'mlc-chat-config.json', 'webllm/config', (settings) => {
    const files = settings['tokenizer_files'];
    if (!Array.isArray(files)) return 'it names no tokenizer';
    return files.some((file) => TOKENIZERS.includes(file)) ? null : 'it names no tokenizer that is known';
  });
}

function shardListAt(folder: string): Artifact {
  const list = jsonAt(folder, 'tensor-cache.json', 'webllm/model', ({ records }) =>
    Array.isArray(records) && records.length > 0 && records.every(isShard) ? null : 'it lists no shards',
  );
  return { ...list, isParsed: true };
}

function tokenizerAt(folder: string, name: string): Artifact {
  if (name.endsWith('.json')) {
    return jsonAt(folder, name, 'webllm/model', ({ model }) => (model ? null : 'it is no tokenizer'));
  }
  const fault = (bytes: Uint8Array) => (bytes.length && bytes[0] !== 0x3c ? null : 'it is no tokenizer');
  return fileAt(folder, name, 'webllm/model', null, fault);
}

function libraryAt(library: string): Artifact {
  const url = new URL(library);
  const isLibrary = (bytes: Uint8Array<ArrayBuffer>) =>
    WASM_MAGIC.every((byte, i) => bytes[i] === byte) && WebAssembly.validate(bytes);
  return {
    scope: 'webllm/wasm',
    url: library,
    key: libraryKey(library),
    path: url.pathname.split('/').at(-1)!,
    bytes: null,
    fault: (bytes) => (isLibrary(bytes) ? null : 'it is no WebAssembly'),
  };
}

function shardAt(folder: string, { dataPath, nbytes, md5sum }: Shard): Artifact {
  return fileAt(folder, dataPath, 'webllm/model', nbytes, async (bytes) => {
    if (md5sum === undefined) return null;
    const found = await md5(bytes);
    return found === md5sum.toLowerCase() ? null : `its MD5 is ${found}, ${md5sum} is right`;
  });
}

function jsonAt(
  folder: string,
  path: string,
  scope: Scope,
  fault: (value: Readonly<Record<string, unknown>>) => string | null,
): Artifact {
  return fileAt(folder, path, scope, null, (bytes) => {
    try {
      return fault(parsed(bytes));
    } catch {
      return 'it is no JSON';
    }
  });
}

function fileAt(
  folder: string,
  path: string,
  scope: Scope,
  bytes: number | null,
  fault: Artifact['fault'],
): Artifact {
  const url = new URL(path, folder).href;
  return { scope, url, key: url, path, bytes, fault };
}

/** @throws when it is no JSON object */
function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (typeof value !== 'object' || value === null) throw new TypeError('no object');
  return value as Readonly<Record<string, unknown>>;
}

function isShard(value: unknown): value is Shard {
  const { dataPath, nbytes } = (value ?? {}) as Partial<Shard>;
  return typeof dataPath === 'string' && Number.isInteger(nbytes) && nbytes! > 0;
}
