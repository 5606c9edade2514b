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

/** The same; null where it is not whole. @throws AppError model-missing where the disk has lost a part */
export async function openPackIfWhole(id: string): Promise<OpenPack | null> {
  return await openPack(id).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'model-missing' && !error.details['lost']) return null;
    throw error;
  });
}

/**
 * Bytes of one of its files.
 * @throws AppError model-corrupt (`details.path`) when it has no such file, model-missing (`details.lost`) when the disk
 * does not give it
 */
export async function readPackFile(
  { pack, files }: OpenPack,
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const file = files[path];
  if (!file) throw new AppError('model-corrupt', `${pack.id} has no ${path}`, { pack: pack.id, path });
  const bytes = await file.arrayBuffer().catch((cause: unknown) => {
    throw new AppError('model-missing', `${path} cannot be read`, { path, lost: true }, { cause });
  });
  return new Uint8Array(bytes);
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
