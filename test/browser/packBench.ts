/** A pack on a server that misbehaves, and workers with the real store as windows would have them. */
import { inject } from 'vitest';
import { AppError } from '../../src/core/errors';
import type { Pack, PackFile } from '../../src/core/pack';
import type { PackEngine } from '../../src/engines/contracts';
import type { Patience } from '../../src/models/fetchChunks';
import { sha256 } from '../../src/models/sha256';
import { WorkerHost } from '../../src/rpc/host';
import { serveScenario as askToServe, requestsOf } from '../packs/client';
import type { Scenario, ServedFile } from '../packs/scenario';
import { noiseBytes } from '../packs/servedBytes';
import workerUrl from './packs.worker.ts?worker&url';

export const CHUNK_BYTES = 64 * 1024;
/** Five chunks, the last one short; and a small file in a folder. */
export const WEIGHTS: ServedFile = { bytes: 4 * CHUNK_BYTES + 12_345, seed: 7 };
export const GRAPH: ServedFile = { bytes: 3001, seed: 11 };
export const FILES = { 'unet/weights.bin': WEIGHTS, 'graph.onnx': GRAPH };
export const TOTAL_BYTES = WEIGHTS.bytes + GRAPH.bytes;

export const PATIENCE: Patience = { stallMs: 600, firstDelayMs: 20, longestDelayMs: 60, tries: 5 };

let packs = 0;

export interface PackOptions {
  /** What the catalog tells of the hashes. */
  readonly hashes?: 'of-chunks' | 'of-files' | 'unknown';
  readonly revision?: string;
  /** Of an earlier bench: the same pack, published anew. */
  readonly id?: string;
  readonly files?: Readonly<Record<string, ServedFile>>;
  readonly restricted?: Pack['restricted'];
  readonly origin?: Pack['origin'];
}

/** What an honest publisher says of the files. */
export async function makePack(baseUrl: string | null, options: PackOptions = {}): Promise<Pack> {
  packs += 1;
  const { hashes = 'of-chunks', files = FILES, revision = '1', restricted = null } = options;
  const described = await Promise.all(
    Object.entries(files).map(async ([path, { bytes, seed }]): Promise<PackFile> => {
      const content = noiseBytes(bytes, seed);
      const chunks = Array.from({ length: Math.ceil(bytes / CHUNK_BYTES) }, (_, i) =>
        sha256(content.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES)),
      );
      return {
        path,
        bytes: hashes === 'unknown' ? Math.round(bytes * 1.3) : bytes,
        approximate: hashes === 'unknown',
        sha256: hashes === 'of-files' ? await sha256(content) : null,
        chunkBytes: CHUNK_BYTES,
        chunkSha256: hashes === 'of-chunks' ? await Promise.all(chunks) : null,
      };
    }),
  );
  return {
    id: options.id ?? `pack-${packs}-${Math.random().toString(36).slice(2, 8)}`,
    title: `Pack ${packs}`,
    purpose: 'Tests.',
    origin: options.origin ?? 'download',
    licence: { id: 'MIT', url: 'https://opensource.org/license/mit' },
    restricted,
    revision,
    baseUrl,
    provenance: [],
    files: described,
    tensors: [],
    gpu: null,
    workingSetBytes: 1_000_000,
  };
}

export const serveScenario = (scenario: Scenario) => askToServe(inject('packServer'), scenario);

/** The app's own `models` folder, which has the catalog and nothing else unless `scenario` says so. */
export async function serveCatalog(
  catalog: readonly Pack[],
  scenario: Partial<Scenario> = {},
): Promise<string> {
  const texts = { ...scenario.texts, 'catalog.json': JSON.stringify({ packs: catalog }) };
  return await serveScenario({ files: {}, ...scenario, texts });
}

const hosts: WorkerHost<PackEngine>[] = [];

/** A window of its own. */
export function openWindow(models: string, patience: Patience = PATIENCE): WorkerHost<PackEngine> {
  const query = new URLSearchParams({ models, patience: JSON.stringify(patience) });
  const host = new WorkerHost<PackEngine>({
    name: 'packs',
    graceMs: 5000,
    start: () => new Worker(`${workerUrl}&${query}`, { type: 'module' }),
  });
  hosts.push(host);
  return host;
}

/** Closes every window and empties the disk: a chunk that is there already is never fetched. */
export async function clearAll(): Promise<void> {
  for (const host of hosts.splice(0)) host.stop();
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase('open-the-eyes-models');
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}

/** Size and hash of the pack's files as they are on disk, read from any window. */
export async function contentOf(host: WorkerHost<PackEngine>, pack: string): Promise<Record<string, string>> {
  const { files } = await host.engine.open(pack, never());
  return await summaries(Object.entries(files), async (blob) => new Uint8Array(await blob.arrayBuffer()));
}

/** The same of what an honest server has. */
export function contentWanted(
  files: Readonly<Record<string, ServedFile>> = FILES,
): Promise<Record<string, string>> {
  return summaries(Object.entries(files), async ({ bytes, seed }) => noiseBytes(bytes, seed));
}

async function summaries<T>(
  entries: readonly (readonly [string, T])[],
  bytesOf: (value: T) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Record<string, string>> {
  const lines = entries.map(async ([path, value]) => {
    const bytes = await bytesOf(value);
    return [path, `${bytes.length} bytes, ${await sha256(bytes)}`] as const;
  });
  return Object.fromEntries(await Promise.all(lines));
}

/** One pack on one server. */
export async function bench(scenario: Partial<Scenario> = {}, options: PackOptions = {}) {
  const base = await serveScenario({ files: FILES, ...scenario });
  const pack = await makePack(base, options);
  const models = await serveCatalog([pack]);
  const window = openWindow(models);
  // As in the app: what only looks does not wait for what works.
  const looking = openWindow(models);
  return {
    base,
    pack,
    models,
    window,
    ensure: (signal = never()) => window.engine.ensure({ pack: pack.id }, signal),
    content: () => contentOf(looking, pack.id),
    status: async () => (await looking.engine.status(never())).find((status) => status.pack.id === pack.id)!,
    requests: () => requestsOf(base),
    /** Bytes of files that went over the line. */
    sentBytes: async () => (await requestsOf(base)).reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Behind the store's back. The connection is closed again: an open one would keep `clearAll` waiting. */
export async function changeDisk(change: (rows: IDBObjectStore) => void): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open('open-the-eyes-models');
    request.onsuccess = () => resolve(request.result);
  });
  const transaction = database.transaction('rows', 'readwrite');
  change(transaction.objectStore('rows'));
  await new Promise((resolve) => {
    transaction.oncomplete = resolve;
  });
  database.close();
}

export async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw error;
}

export const never = () => new AbortController().signal;
