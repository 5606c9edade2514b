/** What other libraries of the app keep in caches of their own, so that a person sees it and can remove it. */
import { AppError } from '../core/errors';
import type { OtherCache } from '../core/packDisk';

const TRANSFORMERS = 'transformers-cache';
/** WebLLM names its caches, and its databases when it keeps to IndexedDB, alike. */
const WEB_LLM = ['webllm/model', 'webllm/config', 'webllm/wasm'];

const LIBRARIES: readonly {
  readonly id: string;
  readonly title: string;
  readonly names: readonly string[];
}[] = [
  { id: 'transformers', title: 'Language models of transformers.js', names: [TRANSFORMERS] },
  { id: 'web-llm', title: 'Language models of WebLLM', names: WEB_LLM },
];

/** Those that hold anything. */
export async function otherCaches(): Promise<readonly OtherCache[]> {
  const all = await Promise.all(
    LIBRARIES.map(async ({ id, title, names }) => {
      const sizes = await Promise.all(names.flatMap((name) => [cacheBytes(name), databaseBytes(name)]));
      return { id, title, storedBytes: sizes.reduce((sum, size) => sum + size, 0) };
    }),
  );
  return all.filter(({ storedBytes }) => storedBytes > 0);
}

/** @throws AppError bad-request (`details.busy`) when the library has its database open */
export async function removeOtherCache(id: string): Promise<void> {
  const names = LIBRARIES.find((library) => library.id === id)?.names ?? [];
  await Promise.all(
    names.flatMap((name) => [
      globalThis.caches?.delete(name),
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name);
        request.onsuccess = () => resolve();
        request.onerror = () => reject(request.error);
        // The browser deletes it when the last connection closes, whenever that is.
        request.onblocked = () =>
          reject(new AppError('bad-request', `${name} is in use`, { pack: id, busy: true }));
      }),
    ]),
  );
}

async function cacheBytes(name: string): Promise<number> {
  // Absent outside secure contexts.
  if (!globalThis.caches || !(await caches.has(name))) return 0;
  const cache = await caches.open(name);
  let bytes = 0;
  for (const request of await cache.keys()) {
    const response = await cache.match(request);
    // A Blob of a stored response is a handle: its size is known without reading it.
    bytes += (await response?.blob())?.size ?? 0;
  }
  return bytes;
}

async function databaseBytes(name: string): Promise<number> {
  const databases = await indexedDB.databases();
  if (!databases.some((database) => database.name === name)) return 0;
  const database = await new Promise<IDBDatabase | null>((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => (request.error?.name === 'AbortError' ? resolve(null) : reject(request.error));
    // Deleted in between: opening must not bring it back empty.
    request.onupgradeneeded = () => request.transaction?.abort();
  });
  if (!database) return 0;
  try {
    const stores = [...database.objectStoreNames];
    const sizes = await Promise.all(stores.map((store) => storeBytes(database, store)));
    return sizes.reduce((sum, size) => sum + size, 0);
  } finally {
    database.close();
  }
}

/** One record in memory at a time. */
function storeBytes(database: IDBDatabase, store: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    const request = database.transaction(store).objectStore(store).openCursor();
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor) return resolve(bytes);
      const { data } = cursor.value as { data?: unknown };
      if (data instanceof ArrayBuffer) bytes += data.byteLength;
      else if (data instanceof Blob) bytes += data.size;
      else bytes += JSON.stringify(data ?? '').length;
      cursor.continue();
    };
  });
}
