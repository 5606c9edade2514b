/**
 * What lies on disk: rows of one IndexedDB store, keyed by table and name. Chunks are kept by their SHA-256, so a
 * chunk that two files share is there once; the file rows name the chunks they need. A chunk and the row that names
 * it are written in one transaction.
 */
import { createStore, delMany, get, promisifyRequest, set, setMany } from 'idb-keyval';
import type { Pack } from '../core/pack';
import type { FirstSeen } from '../core/packDisk';

/** A file of one revision of a pack, as far as it is here. */
export interface FileRow {
  readonly pack: string;
  readonly revision: string;
  readonly path: string;
  /** Null: no server has told it yet. */
  readonly bytes: number | null;
  readonly chunkBytes: number;
  /** SHA-256 of each chunk; null: not here. */
  readonly chunks: readonly (string | null)[];
  /** What the server called this version of the file; tells versions apart while nobody has published a hash. */
  readonly etag: string | null;
  /** Address of the folder that its chunks came from, or what else a person knows the source by. */
  readonly from: string;
  /** All chunks are here, and the whole was found right. */
  readonly isWhole: boolean;
}

/** A revision of a pack, as its catalog described it when its first byte came. */
export interface PackRow {
  readonly pack: Pack;
  /** ISO date-time. */
  readonly startedAt: string;
}

/** Where something that is being painted stands. */
export interface PaintingRow<T> {
  readonly state: T;
  /** ISO date-time. */
  readonly at: string;
}

type Key = readonly [
  table: 'pack' | 'file' | 'seen' | 'terms' | 'chunk' | 'gpu' | 'painting',
  ...name: string[],
];

const rows = createStore('open-the-eyes-models', 'rows');

const fileKey = ({ pack, revision, path }: FileRow): Key => ['file', pack, revision, path];
const idb = (key: Key) => key as unknown as IDBValidKey;
/** Every key that begins with these parts: an array sorts after every text. */
const under = (...key: Key) => IDBKeyRange.bound(key, [...key, []]);

const all = <T>(...key: Key): Promise<readonly T[]> =>
  rows('readonly', (store) => promisifyRequest<T[]>(store.getAll(under(...key))));

export const packRows = (...pack: string[]) => all<PackRow>('pack', ...pack);
export const fileRows = (...packAndRevision: string[]) => all<FileRow>('file', ...packAndRevision);
export const seenRows = (...packAndRevision: string[]) => all<FirstSeen>('seen', ...packAndRevision);

export const fileRow = (pack: string, revision: string, path: string) =>
  get<FileRow>(idb(['file', pack, revision, path]), rows);
export const seenRow = (pack: string, revision: string, path: string) =>
  get<FirstSeen>(idb(['seen', pack, revision, path]), rows);
export const termsRow = (pack: string) => get<string>(idb(['terms', pack]), rows);
export const gpuRow = <T>(name: string) => get<T>(idb(['gpu', name]), rows);

export const paintingRow = <T>(name: string) => get<PaintingRow<T>>(idb(['painting', name]), rows);

export const putPack = (row: PackRow) => set(idb(['pack', row.pack.id, row.pack.revision]), row, rows);
export const putSeen = (pack: string, revision: string, row: FirstSeen) =>
  set(idb(['seen', pack, revision, row.path]), row, rows);
export const putTerms = (pack: string, acceptedAt: string) => set(idb(['terms', pack]), acceptedAt, rows);
export const putGpu = (name: string, value: unknown) => set(idb(['gpu', name]), value, rows);

export const putPainting = <T>(name: string, row: PaintingRow<T>) => set(idb(['painting', name]), row, rows);
export const dropPaintings = (names: readonly string[]) =>
  delMany(
    names.map((name) => idb(['painting', name])),
    rows,
  );

/** What nobody came back for. @param before ISO date-time */
export function dropPaintingsBefore(before: string): Promise<void> {
  return rows('readwrite', async (store) => {
    for (const key of await promisifyRequest(store.getAllKeys(under('painting')))) {
      const row = await promisifyRequest<PaintingRow<unknown>>(store.get(key));
      if (row.at < before) store.delete(key);
    }
    await promisifyRequest(store.transaction);
  });
}

/** @throws DOMException QuotaExceededError, and others when the browser could not take the Blob over */
export function putChunk(sha256: string, chunk: Blob, row: FileRow): Promise<void> {
  return setMany(
    [
      [idb(['chunk', sha256]), chunk],
      [idb(fileKey(row)), row],
    ],
    rows,
  );
}

/** Everything of a pack at one moment: no update can come between the rows and their chunks. */
export function packOnDisk(id: string): Promise<{
  readonly packs: readonly PackRow[];
  readonly files: readonly FileRow[];
  readonly chunks: ReadonlyMap<string, Blob>;
}> {
  return rows('readonly', async (store) => {
    const packs = await promisifyRequest<PackRow[]>(store.getAll(under('pack', id)));
    const files = await promisifyRequest<FileRow[]>(store.getAll(under('file', id)));
    const chunks = new Map<string, Blob>();
    const hashes = new Set(files.flatMap((row) => row.chunks.filter((hash) => hash !== null)));
    await Promise.all(
      [...hashes].map(async (hash) => {
        const chunk = await promisifyRequest<Blob | undefined>(store.get(idb(['chunk', hash])));
        if (chunk) chunks.set(hash, chunk);
      }),
    );
    return { packs, files, chunks };
  });
}

/** Handles, in order; undefined where there is none. Nothing is read. */
export function chunkBlobs(hashes: readonly string[]): Promise<readonly (Blob | undefined)[]> {
  return rows('readonly', (store) =>
    Promise.all(hashes.map((hash) => promisifyRequest<Blob | undefined>(store.get(idb(['chunk', hash]))))),
  );
}

/**
 * Puts a file row, with the chunks that are here already by their published hashes: of another file, or of a revision
 * before. Chunks that no row names any more go.
 * @returns the row, as it was put
 */
export async function putAdopting(row: FileRow, published: readonly string[]): Promise<FileRow> {
  let adopted = row;
  await changeFiles(async (store) => {
    const keys = await Promise.all(
      published.map((hash) => promisifyRequest(store.getKey(idb(['chunk', hash])))),
    );
    const chunks = row.chunks.map((chunk, i) => chunk ?? (keys[i] ? published[i]! : null));
    adopted = { ...row, chunks };
    store.put(adopted, idb(fileKey(row)));
  });
  return adopted;
}

/** Puts a file row in place of the one there was; chunks that no row names any more go with it. */
export function putFile(row: FileRow): Promise<void> {
  return changeFiles((store) => void store.put(row, idb(fileKey(row))));
}

/**
 * Puts the row of a file whose chunks have all come, whole if they are still there.
 * @returns the row, as it was put
 */
export async function putFinished(row: FileRow): Promise<FileRow> {
  let finished = row;
  await changeFiles(async (store) => {
    const keys = await Promise.all(
      row.chunks.map((hash) => promisifyRequest(store.getKey(idb(['chunk', hash ?? ''])))),
    );
    const chunks = row.chunks.map((hash, i) => (keys[i] === undefined ? null : hash));
    finished = { ...row, chunks, isWhole: !chunks.includes(null) };
    store.put(finished, idb(fileKey(row)));
  });
  return finished;
}

/** Takes damaged chunks off the disk, and off every file that names them. */
export function dropChunks(hashes: ReadonlySet<string>): Promise<void> {
  return changeFiles(async (store) => {
    for (const row of await promisifyRequest<FileRow[]>(store.getAll(under('file')))) {
      if (!row.chunks.some((hash) => hash && hashes.has(hash))) continue;
      const chunks = row.chunks.map((hash) => (hash && hashes.has(hash) ? null : hash));
      store.put({ ...row, chunks, isWhole: false }, idb(fileKey(row)));
    }
  });
}

/** Forgets a file and what it was when it was first seen. */
export function forgetFile(pack: string, revision: string, path: string): Promise<void> {
  return changeFiles((store) => {
    store.delete(idb(['file', pack, revision, path]));
    store.delete(idb(['seen', pack, revision, path]));
  });
}

/** Drops a pack's revisions but for `kept`, and the chunks that no other file names. */
export function dropRevisions(pack: string, kept: string | null = null): Promise<void> {
  return changeFiles(async (store) => {
    for (const table of ['pack', 'file'] as const) {
      for (const key of await promisifyRequest(store.getAllKeys(under(table, pack)))) {
        if ((key as string[])[2] !== kept) store.delete(key);
      }
    }
  });
}

/** In one transaction, so that no other window's chunk is taken for one that nobody names. */
function changeFiles(change: (store: IDBObjectStore) => void | Promise<void>): Promise<void> {
  return rows('readwrite', async (store) => {
    await change(store);
    const files = await promisifyRequest<FileRow[]>(store.getAll(under('file')));
    const named = new Set(files.flatMap(({ chunks }) => chunks));
    for (const key of await promisifyRequest(store.getAllKeys(under('chunk')))) {
      if (!named.has((key as string[])[1]!)) store.delete(key);
    }
    await promisifyRequest(store.transaction);
  });
}
