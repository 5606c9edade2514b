/** What a pack is, from the catalog, from beside its files, or from the disk. */
import { AppError } from '../core/errors';
import type { Pack } from '../core/pack';
import { openByteStream, SourceError } from './byteStream';
import type { Catalog } from './catalog';
import { type PackRow, packRows } from './ledger';
import { parsePackJson } from './manifest';
import { sha256 } from './sha256';
import type { Source } from './sources';

/** Beside the files of a pack that was converted or exported. */
export const PACK_JSON = 'pack.json';

/** Of the digest that tells descriptions apart; a collision costs a wrong reuse, which the hashes of the files catch. */
const DIGEST_LETTERS = 12;

/** The catalog's entry; offline or dropped from the catalog: as it was when it came. @throws AppError bad-request */
export async function catalogPack(catalog: Catalog, id: string): Promise<Pack> {
  const [stored] = newestFirst(await packRows(id));
  const pack = (await catalog.packsIfReachable()).find((entry) => entry.id === id) ?? stored?.pack;
  if (!pack || pack.origin === 'shipped') {
    throw new AppError('bad-request', `there is no model pack ${id}`, { pack: id });
  }
  return pack;
}

/**
 * The pack with its files: of one that has to be converted first, its own `pack.json` tells them.
 * @throws AppError model-missing, download-failed, model-corrupt
 */
export async function withFiles(
  entry: Pack,
  sources: readonly Source[],
  stallMs: number,
  signal: AbortSignal,
): Promise<Pack> {
  if (entry.files.length) return entry;
  let failure: AppError | null = null;
  for (const source of sources) {
    const json = await textAt(source, stallMs, signal).catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      // The next one may have it.
      failure ??= error;
      return null;
    });
    if (json !== null) return await described(entry, json);
  }
  const [stored] = newestFirst(await packRows(entry.id));
  if (stored) return stored.pack;
  if (failure) throw failure;
  const hosts = sources.map(({ host }) => host).join(', ');
  const details = { pack: entry.id, path: PACK_JSON, hosts };
  throw new AppError('model-missing', `${entry.id} has to be converted first; ${hosts} has it not`, details);
}

/**
 * A `pack.json` says what the files are; title, licence and terms stay the catalog's. Another description is another
 * revision, whatever it calls itself: what is on disk is not given up for it before it is whole.
 * @throws AppError model-corrupt
 */
export async function described(entry: Pack, json: string): Promise<Pack> {
  const own = parsePackJson(json);
  if (own.id !== entry.id || !own.files.length) {
    const details = { pack: entry.id, field: own.files.length ? 'pack.id' : 'pack.files', found: own.id };
    throw new AppError('model-corrupt', `the pack.json of ${own.id} is not one of ${entry.id}`, details);
  }
  const files = new TextEncoder().encode(JSON.stringify(own.files));
  const revision = `${own.revision} ${(await sha256(files)).slice(0, DIGEST_LETTERS)}`;
  const { title, purpose, origin, licence, restricted, baseUrl } = entry;
  return { ...own, revision, title, purpose, origin, licence, restricted, baseUrl };
}

export function newestFirst(rows: readonly PackRow[]): readonly PackRow[] {
  return rows.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
}

/** Null: this source has none. @throws AppError download-failed */
async function textAt(source: Source, stallMs: number, signal: AbortSignal): Promise<string | null> {
  try {
    const stream = await openByteStream(source.urlOf(PACK_JSON), null, stallMs, signal);
    const decoder = new TextDecoder();
    let text = '';
    for (let piece = await stream.read(); piece; piece = await stream.read()) {
      text += decoder.decode(piece, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    if (error.fault !== 'broken' && error.fault !== 'unreachable') return null;
    // Offline what is on disk will do.
    if (!navigator.onLine) return null;
    const details = { path: PACK_JSON, host: source.host, reason: error.message };
    throw new AppError('download-failed', `pack.json from ${source.host}: ${error.message}`, details);
  }
}
