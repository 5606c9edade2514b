import { chunkBlobs, dropChunks, fileRows } from './ledger';
import type { Tell } from './news';
import { sha256 } from './sha256';

/**
 * Reads and hashes every chunk of the pack, all revisions; damaged ones are taken off the disk.
 * @returns paths of the files that lost something
 */
export async function verifyPack(pack: string, tell: Tell, signal: AbortSignal): Promise<readonly string[]> {
  const rows = await fileRows(pack);
  const hashes = [...new Set(rows.flatMap(({ chunks }) => chunks.filter((hash) => hash !== null)))];
  const blobs = await chunkBlobs(hashes);
  const totalBytes = blobs.reduce((sum, blob) => sum + (blob?.size ?? 0), 0);
  const damaged = new Set<string>();
  let doneBytes = 0;
  for (const [i, hash] of hashes.entries()) {
    signal.throwIfAborted();
    if (!(await isIntact(blobs[i], hash))) damaged.add(hash);
    doneBytes += blobs[i]?.size ?? 0;
    tell(doneBytes, totalBytes);
  }
  if (damaged.size) await dropChunks(damaged);
  const losers = rows.filter(({ chunks }) => chunks.some((hash) => hash && damaged.has(hash)));
  return [...new Set(losers.map(({ path }) => path))];
}

async function isIntact(blob: Blob | undefined, hash: string): Promise<boolean> {
  try {
    return blob !== undefined && (await sha256(new Uint8Array(await blob.arrayBuffer()))) === hash;
  } catch (error) {
    // The browser's file behind the handle is gone or cannot be read.
    if (error instanceof DOMException) return false;
    throw error;
  }
}
