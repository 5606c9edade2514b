/** What a pack is, from the catalog, from beside its files, or from the disk. */
import { AppError } from '../core/errors';
import type { Pack } from '../core/pack';
import type { Catalog } from './catalog';
import { type PackRow, packRows } from './ledger';
import { parsePackJson } from './manifest';
import type { Source } from './sources';

/** Beside the files of a pack that was converted or exported. */
export const PACK_JSON = 'pack.json';

/** The catalog's entry; offline or dropped from the catalog: as it was when it came. @throws AppError bad-request */
export async function catalogPack(catalog: Catalog, id: string): Promise<Pack> {
  const [stored] = newestFirst(await packRows(id));
  const pack = (await catalog.packsIfReachable()).find((entry) => entry.id === id) ?? stored?.pack;
  if (!pack || pack.origin === 'shipped') {
    throw new AppError('bad-request', `there is no model pack ${id}`, { pack: id });
  }
  return pack;
}

/** The pack with its files: of one that has to be converted first, its own `pack.json` tells them. */
export async function withFiles(entry: Pack, sources: readonly Source[], signal: AbortSignal): Promise<Pack> {
  if (entry.files.length) return entry;
  for (const source of sources) {
    const json = await textAt(source.urlOf(PACK_JSON), signal);
    if (json !== null) return described(entry, json);
  }
  const [stored] = newestFirst(await packRows(entry.id));
  if (stored) return stored.pack;
  const hosts = sources.map(({ host }) => host).join(', ');
  throw new AppError('model-missing', `${entry.id} has to be converted first; nobody of ${hosts} has it`, {
    pack: entry.id,
    path: PACK_JSON,
    hosts,
  });
}

/** A `pack.json` says what the files are; title, licence and terms stay the catalog's. @throws AppError model-corrupt */
export function described(entry: Pack, json: string): Pack {
  const own = parsePackJson(json);
  if (own.id !== entry.id) {
    const details = { pack: entry.id, found: own.id };
    throw new AppError('model-corrupt', `pack.json is of ${own.id}, not of ${entry.id}`, details);
  }
  const { title, purpose, origin, licence, restricted, baseUrl } = entry;
  return { ...own, title, purpose, origin, licence, restricted, baseUrl };
}

export function newestFirst(rows: readonly PackRow[]): readonly PackRow[] {
  return rows.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
}

async function textAt(url: string, signal: AbortSignal): Promise<string | null> {
  const response = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer', signal }).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof TypeError) return null;
      throw error;
    },
  );
  const isPage = response?.headers.get('content-type')?.startsWith('text/html');
  return response?.ok && !isPage ? await response.text() : null;
}
