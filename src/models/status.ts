/** What of every pack is on disk. */
import type { Pack } from '../core/pack';
import type { PackState, PackStatus } from '../core/packDisk';
import type { Catalog } from './catalog';
import { newestFirst } from './describe';
import { storedBytesOf } from './fileKeeper';
import { type FileRow, fileRows, packRows, seenRows, termsRow } from './ledger';
import { busyPacks } from './packLock';

/** Every pack of the catalog that does not ship with the app, and what else is on disk. */
export async function packStatuses(catalog: Catalog): Promise<readonly PackStatus[]> {
  const [listed, stored, files, busy] = await Promise.all([
    catalog.packsIfReachable(),
    packRows(),
    fileRows(),
    busyPacks(),
  ]);
  const known = listed.filter(({ origin }) => origin !== 'shipped');
  const dropped = newestFirst(stored)
    .map(({ pack }) => pack)
    .filter(({ id }) => !known.some((pack) => pack.id === id));
  const packs = new Map([...dropped.toReversed(), ...known].map((pack) => [pack.id, pack]));
  return await Promise.all(
    [...packs.values()].map(async (entry) => {
      const revisions = newestFirst(stored.filter(({ pack }) => pack.id === entry.id));
      // Of a pack that has to be converted first only its own description tells the files.
      const pack = entry.files.length ? entry : (revisions[0]?.pack ?? entry);
      const own = files.filter((row) => row.pack === pack.id);
      const current = own.filter((row) => row.revision === pack.revision);
      const unpublished = new Set(pack.files.filter((f) => !f.sha256 && !f.chunkSha256).map((f) => f.path));
      const seen = await seenRows(pack.id, pack.revision);
      return {
        pack,
        state: stateOf(pack, revisions, own),
        busy: busy.has(pack.id),
        storedBytes: own.reduce((sum, row) => sum + storedBytesOf(row), 0),
        missingBytes: pack.files.reduce((sum, file) => sum + missingOf(file, current), 0),
        firstSeen: seen.filter(({ path }) => unpublished.has(path)),
        termsAcceptedAt: (await termsRow(pack.id)) ?? null,
      };
    }),
  );
}

/** Whether every file of that revision is here and right. */
export function isWholePack(pack: Pack, rows: readonly FileRow[]): boolean {
  const whole = new Set(
    rows.filter((row) => row.revision === pack.revision && row.isWhole).map(({ path }) => path),
  );
  return pack.files.length > 0 && pack.files.every(({ path }) => whole.has(path));
}

function stateOf(
  pack: Pack,
  revisions: readonly { readonly pack: Pack }[],
  rows: readonly FileRow[],
): PackState {
  if (isWholePack(pack, rows)) return 'ready';
  if (revisions.some((row) => isWholePack(row.pack, rows))) return 'outdated';
  return rows.some((row) => row.chunks.some((hash) => hash !== null)) ? 'partial' : 'absent';
}

function missingOf(file: Pack['files'][number], rows: readonly FileRow[]): number {
  const row = rows.find(({ path }) => path === file.path);
  return row ? (row.bytes ?? file.bytes) - storedBytesOf(row) : file.bytes;
}
