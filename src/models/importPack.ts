/** Files that a person has become chunks on disk, checked like a download. */
import type { Pack } from '../core/pack';
import type { ImportRefusal, ImportResult, Upload } from '../core/packDisk';
import { SourceError } from './byteStream';
import type { FileKeeper } from './fileKeeper';
import { openKeepers } from './keepers';
import type { Tell } from './news';
import { sha256 } from './sha256';

/** What a person knows the source by. */
const FROM = 'your files';

export async function importPack(
  pack: Pack,
  uploads: readonly Upload[],
  tell: Tell,
  signal: AbortSignal,
): Promise<ImportResult> {
  const keepers = await openKeepers(pack, tell);
  const taken = new Set<string>();
  const refused: { name: string; reason: ImportRefusal }[] = [];
  for (const upload of uploads) {
    const found = keeperFor(upload, keepers);
    const isKeeper = typeof found !== 'string';
    const reason = isKeeper ? await takeUpload(found, upload.file, tell, signal) : found;
    if (reason) refused.push({ name: upload.path, reason });
    else if (isKeeper) taken.add(found.file.path);
  }
  const missing = keepers.filter(({ isWhole }) => !isWhole).map(({ file }) => file.path);
  return { taken: [...taken], missing, refused };
}

/** By its place in the folder; else by a name that only one file of the pack has, or one of that size. */
function keeperFor({ path, file: blob }: Upload, keepers: readonly FileKeeper[]): FileKeeper | ImportRefusal {
  const byPlace = keepers.filter(({ file }) => `/${path}`.endsWith(`/${file.path}`));
  if (byPlace.length) return byPlace.toSorted((a, b) => b.file.path.length - a.file.path.length)[0]!;
  const nameOf = (p: string) => p.slice(p.lastIndexOf('/') + 1);
  const byName = keepers.filter(({ file }) => nameOf(file.path) === nameOf(path));
  const fitting = byName.length > 1 ? byName.filter(({ file }) => file.bytes === blob.size) : byName;
  if (fitting.length === 1) return fitting[0]!;
  return byName.length ? 'ambiguous-name' : 'not-of-this-pack';
}

/** @returns why it was not taken; null: it was, or is here already */
async function takeUpload(
  keeper: FileKeeper,
  blob: Blob,
  tell: Tell,
  signal: AbortSignal,
): Promise<ImportRefusal | null> {
  if (keeper.isWhole) return null;
  if (keeper.bytes !== null && keeper.bytes !== blob.size) return 'wrong-size';
  try {
    if (keeper.tiedTo && !(await continues(keeper, blob, signal))) return 'wrong-content';
    keeper.from = keeper.tiedTo ?? FROM;
    await keeper.met(blob.size, null);
    for (const [index, part] of partsOf(blob, keeper.chunkBytes)) {
      signal.throwIfAborted();
      if (!keeper.wants(index)) continue;
      const bytes = await bytesOf(part);
      keeper.received(bytes.length);
      if (!(await keeper.take(index, bytes))) return 'wrong-content';
    }
    await keeper.finish(signal, (bytes) => tell(bytes, blob.size, 'verify'));
    return null;
  } catch (error) {
    if (error instanceof SourceError) return error.fault === 'wrong-size' ? 'wrong-size' : 'wrong-content';
    if (['NotReadableError', 'NotFoundError'].includes((error as Error).name)) return 'unreadable';
    throw error;
  }
}

/** Whether what is here of a file without published hashes is the same in the one handed in. */
async function continues(keeper: FileKeeper, blob: Blob, signal: AbortSignal): Promise<boolean> {
  for (const [index, part] of partsOf(blob, keeper.chunkBytes)) {
    signal.throwIfAborted();
    const held = keeper.held(index);
    if (held !== null && held !== (await sha256(await bytesOf(part)))) return false;
  }
  return true;
}

function* partsOf(blob: Blob, chunkBytes: number): Generator<readonly [index: number, part: Blob]> {
  for (let at = 0; at < blob.size; at += chunkBytes) yield [at / chunkBytes, blob.slice(at, at + chunkBytes)];
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}
