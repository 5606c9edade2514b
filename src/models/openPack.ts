import { AppError } from '../core/errors';
import type { OpenPack } from '../core/packDisk';
import { newestFirst } from './describe';
import { type FileRow, packOnDisk } from './ledger';
import { isWholePack } from './status';

/**
 * Handles of the newest whole revision on disk, each file one Blob made of its chunks. Milliseconds for gigabytes:
 * nothing is read. Asks no network.
 * @throws AppError model-missing; `details.lost` when the disk has lost a part
 */
export async function openPack(id: string): Promise<OpenPack> {
  const { packs, files, chunks } = await packOnDisk(id);
  const pack = newestFirst(packs).find((row) => isWholePack(row.pack, files))?.pack;
  if (!pack) {
    throw new AppError('model-missing', `${id} is not whole on this disk`, { pack: id, lost: false });
  }
  const rows = files.filter(
    (row) => row.revision === pack.revision && pack.files.some(({ path }) => path === row.path),
  );
  return { pack, files: Object.fromEntries(rows.map((row) => [row.path, composed(row, chunks)])) };
}

function composed(row: FileRow, chunks: ReadonlyMap<string, Blob>): Blob {
  const parts = row.chunks.map((hash) => chunks.get(hash ?? ''));
  const blob = new Blob(parts.filter((part) => part !== undefined));
  if (blob.size === row.bytes) return blob;
  throw new AppError('model-missing', `${row.path} of ${row.pack} has lost a part`, {
    pack: row.pack,
    path: row.path,
    lost: true,
  });
}
