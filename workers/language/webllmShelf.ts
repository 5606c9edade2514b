/**
 * The three databases in which WebLLM keeps files (`cacheBackend: 'indexeddb'`), as the library itself makes them:
 * version 1, one store `urls` of `{ url, data }`. What lies there is used unseen and never fetched again, so only
 * what was checked is put there.
 */
import { AppError } from '../../src/core/errors';

export type Scope = 'webllm/config' | 'webllm/model' | 'webllm/wasm';
/** JSON files lie there parsed or as bytes, as the library reads each of them. */
type Stored = ArrayBuffer | object;

const STORE = 'urls';

/** @returns undefined: nothing lies there, or nothing that the library could have put there */
export async function shelved(scope: Scope, url: string): Promise<Stored | undefined> {
  const row = (await asking(scope, 'readonly', (store) => store.get(url))) as { data?: unknown } | undefined;
  const data = row?.data;
  return typeof data === 'object' && data !== null ? data : undefined;
}

/** Without reading it. */
export async function isShelved(scope: Scope, url: string): Promise<boolean> {
  return (await asking(scope, 'readonly', (store) => store.getKey(url))) !== undefined;
}

/** In place of what lay there. @throws AppError storage-full (`details.missingBytes`) */
export async function shelve(scope: Scope, url: string, data: Stored): Promise<void> {
  try {
    await asking(scope, 'readwrite', (store) => store.put({ url, data }));
  } catch (cause) {
    if ((cause as Error | null)?.name !== 'QuotaExceededError') throw cause;
    const missingBytes = data instanceof ArrayBuffer ? data.byteLength : 0;
    throw new AppError('storage-full', 'the disk has no room for the model', { missingBytes }, { cause });
  }
}

export async function unshelve(scope: Scope, url: string): Promise<void> {
  await asking(scope, 'readwrite', (store) => store.delete(url));
}

async function asking<T>(
  scope: Scope,
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await opened(scope);
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = ask(transaction.objectStore(STORE));
      // Only a transaction that is complete is on the disk.
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? request.error);
    });
  } finally {
    database.close();
  }
}

function opened(scope: Scope): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(scope, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'url' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
