/** Files that a person has become chunks on disk, checked like a download. */
import type { Pack, PackFile } from '../core/pack';
import type { ImportRefusal, ImportResult, Upload } from '../core/packDisk';
import { SourceError } from './byteStream';
import type { FileKeeper } from './fileKeeper';
import { openKeepers, withRoomNeeded } from './keepers';

/** What a person knows the source by. */
const FROM = 'your files';

export async function importPack(
  pack: Pack,
  uploads: readonly Upload[],
  tell: (doneBytes: number, totalBytes: number) => void,
  signal: AbortSignal,
): Promise<ImportResult> {
  const keepers = await openKeepers(pack, tell);
  const taken = new Set<string>();
  const refused: { name: string; reason: ImportRefusal }[] = [];
  try {
    for (const upload of uploads) {
      const file = fileFor(upload, pack.files);
      const keeper = keepers.find((other) => other.file === file);
      const reason = keeper ? await takeUpload(keeper, upload.file, signal) : 'not-of-this-pack';
      if (reason) refused.push({ name: upload.path, reason });
      else taken.add(keeper!.file.path);
    }
  } catch (error) {
    throw await withRoomNeeded(error, pack, keepers);
  }
  const missing = keepers.filter(({ isWhole }) => !isWhole).map(({ file }) => file.path);
  return { taken: [...taken], missing, refused };
}

/** By its place in the folder; else by a name that only one file of the pack has. */
function fileFor({ path, file }: Upload, files: readonly PackFile[]): PackFile | undefined {
  const byPlace = files.filter((f) => `/${path}`.endsWith(`/${f.path}`));
  if (byPlace.length) return byPlace.toSorted((a, b) => b.path.length - a.path.length)[0];
  const nameOf = (p: string) => p.slice(p.lastIndexOf('/') + 1);
  const byName = files.filter((f) => nameOf(f.path) === nameOf(path));
  return byName.length > 1 ? byName.find((f) => f.bytes === file.size) : byName[0];
}

/** @returns why it was not taken; null: it was, or is here already */
async function takeUpload(
  keeper: FileKeeper,
  blob: Blob,
  signal: AbortSignal,
): Promise<ImportRefusal | null> {
  if (keeper.isWhole) return null;
  keeper.from = FROM;
  try {
    await keeper.met(blob.size, null);
    const { chunkBytes } = keeper;
    for (let at = 0; at < blob.size; at += chunkBytes) {
      signal.throwIfAborted();
      const index = at / chunkBytes;
      if (!keeper.wants(index)) continue;
      const bytes = new Uint8Array(await blob.slice(at, at + chunkBytes).arrayBuffer());
      keeper.received(bytes.length);
      if (!(await keeper.take(index, bytes))) return 'wrong-content';
    }
    await keeper.finish(signal);
    return null;
  } catch (error) {
    if (error instanceof SourceError) return error.fault === 'wrong-size' ? 'wrong-size' : 'wrong-content';
    if ((error as Error).name === 'NotReadableError' || (error as Error).name === 'NotFoundError') {
      return 'unreadable';
    }
    throw error;
  }
}
