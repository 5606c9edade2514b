/** The files of a pack together: how much of it is here, and what to say when the disk is full. */
import { AppError } from '../core/errors';
import type { Pack } from '../core/pack';
import { FileKeeper, storedBytes } from './fileKeeper';
import { fileRows, packRows } from './ledger';

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
  const [doneBytes, totalBytes] = totalsOf(keepers);
  const removable = (await othersOnDisk(pack.id)).join(', ');
  const details = { pack: pack.id, missingBytes: totalBytes - doneBytes, removable };
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

/** Titles of other packs with their sizes, largest first. */
async function othersOnDisk(id: string): Promise<readonly string[]> {
  const files = await fileRows();
  const titles = new Map((await packRows()).map(({ pack }) => [pack.id, pack.title]));
  const sizes = [...titles].map(([pack, title]) => {
    const bytes = files.filter((row) => row.pack === pack).reduce((sum, row) => sum + storedBytes(row), 0);
    return { pack, title, bytes };
  });
  return sizes
    .filter(({ pack, bytes }) => pack !== id && bytes > 0)
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ title, bytes }) => `${title} (${(bytes / 1e6).toFixed(0)} MB)`);
}
