import { AppError } from '../core/errors';
import type { Pack, PackFile } from '../core/pack';
import { PACK_JSON } from './describe';
import { fileRows } from './ledger';
import type { Tell } from './news';
import { openPack } from './openPack';

/**
 * Writes `<pack id>/…` with a `pack.json` that names every hash: ready to import elsewhere, or to serve below `models/`.
 * @throws AppError model-missing; storage-full, bad-request (`details.folder`) when the folder cannot be written
 */
export async function exportPack(
  id: string,
  folder: FileSystemDirectoryHandle,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const { pack, files } = await openPack(id);
  const totalBytes = Object.values(files).reduce((sum, { size }) => sum + size, 0);
  let doneBytes = 0;
  const count = () =>
    new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        doneBytes += piece.length;
        tell(doneBytes, totalBytes);
        controller.enqueue(piece);
      },
    });
  const json = new Blob([`${JSON.stringify(await pinned(pack), null, 2)}\n`]);
  try {
    const home = await folder.getDirectoryHandle(id, { create: true });
    for (const [path, blob] of Object.entries(files)) {
      const stream = blob.stream().pipeThrough(count());
      await stream.pipeTo(await writable(home, path), { signal });
    }
    await json.stream().pipeTo(await writable(home, PACK_JSON), { signal });
  } catch (error) {
    throw refusalOf(error, folder.name);
  }
}

function refusalOf(error: unknown, folder: string): unknown {
  if (!(error instanceof DOMException) || error.name === 'AbortError') return error;
  const isFull = error.name === 'QuotaExceededError';
  const words = `the folder ${folder} could not be written: ${error.message}`;
  return new AppError(isFull ? 'storage-full' : 'bad-request', words, { folder }, { cause: error });
}

async function writable(
  home: FileSystemDirectoryHandle,
  path: string,
): Promise<FileSystemWritableFileStream> {
  const [name, ...folders] = path.split('/').toReversed();
  let place = home;
  for (const part of folders.toReversed()) place = await place.getDirectoryHandle(part, { create: true });
  return await (await place.getFileHandle(name!, { create: true })).createWritable();
}

/** The pack with the sizes and hashes of what is on disk. */
async function pinned(pack: Pack): Promise<Pack> {
  const rows = await fileRows(pack.id, pack.revision);
  const files = pack.files.map((file): PackFile => {
    const row = rows.find(({ path }) => path === file.path);
    if (!row || row.bytes === null) return file;
    const { bytes, chunkBytes, chunks } = row;
    return { ...file, bytes, approximate: false, chunkBytes, chunkSha256: chunks as readonly string[] };
  });
  return { ...pack, files };
}
