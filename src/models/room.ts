/** What to say when the disk has no room. */
import { AppError } from '../core/errors';
import type { Pack } from '../core/pack';
import { storedBytesOf } from './fileKeeper';
import { fileRows } from './ledger';
import { otherCaches } from './otherCaches';

/** @throws AppError storage-full in place of the browser's own error, with what is missing and what could be removed */
export async function withRoom<T>(pack: Pack, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as Error | null)?.name !== 'QuotaExceededError') throw error;
    const rows = await fileRows(pack.id, pack.revision);
    const wantedBytes = pack.files.reduce((sum, file) => {
      const row = rows.find(({ path }) => path === file.path);
      return sum + (row?.bytes ?? file.bytes) - (row ? storedBytesOf(row) : 0);
    }, 0);
    const details = {
      pack: pack.id,
      missingBytes: wantedBytes,
      removable: (await othersOnDisk(pack.id)).join(','),
    };
    const words = `the disk has no room for the rest of ${pack.id}`;
    throw new AppError('storage-full', words, details, { cause: error });
  }
}

/** Ids of packs and other caches that could make room, largest first. */
async function othersOnDisk(id: string): Promise<readonly string[]> {
  const files = await fileRows();
  const ids = new Set(files.map(({ pack }) => pack));
  const packs = [...ids].map((pack) => ({
    id: pack,
    storedBytes: files.filter((row) => row.pack === pack).reduce((sum, row) => sum + storedBytesOf(row), 0),
  }));
  return [...packs, ...(await otherCaches())]
    .filter((other) => other.id !== id && other.storedBytes > 0)
    .sort((a, b) => b.storedBytes - a.storedBytes)
    .map((other) => other.id);
}
