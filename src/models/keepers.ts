/** The files of a pack together: how much of it is here, and what to say when the disk is full. */
import { AppError } from '../core/errors';
import type { Pack } from '../core/pack';
import { FileKeeper, storedBytesOf } from './fileKeeper';
import { fileRows } from './ledger';
import { otherCaches } from './otherCaches';

/** @param tell bytes done and in total, now and whenever they change */
export async function openKeepers(
  pack: Pack,
  tell: (doneBytes: number, totalBytes: number) => void,
): Promise<readonly FileKeeper[]> {
  const keepers: FileKeeper[] = [];
  const onProgress = () => tell(...totalsOf(keepers));
  for (const file of pack.files) keepers.push(await FileKeeper.open(pack, file, onProgress));
  onProgress();
  return keepers;
}

/** The error, or `storage-full` with what is missing and what could make room, when the disk had none. */
export async function withRoomNeeded(
  error: unknown,
  pack: Pack,
  keepers: readonly FileKeeper[],
): Promise<unknown> {
  if ((error as Error | null)?.name !== 'QuotaExceededError') return error;
  const storedBytes = keepers.reduce((sum, keeper) => sum + keeper.storedBytes, 0);
  const [, totalBytes] = totalsOf(keepers);
  const removable = (await othersOnDisk(pack.id)).join(',');
  const details = { pack: pack.id, missingBytes: totalBytes - storedBytes, removable };
  return new AppError('storage-full', `the disk has no room for the rest of ${pack.id}`, details, {
    cause: error,
  });
}

function totalsOf(keepers: readonly FileKeeper[]): [doneBytes: number, totalBytes: number] {
  return [
    keepers.reduce((sum, { doneBytes }) => sum + doneBytes, 0),
    keepers.reduce((sum, { bytes, file }) => sum + (bytes ?? file.bytes), 0),
  ];
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
