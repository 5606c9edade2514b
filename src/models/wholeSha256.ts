import { createSHA256 } from 'hash-wasm';

/** SHA-256 of a file by its parts, one in memory at a time: the browser's own digest wants the whole file at once. */
export async function wholeSha256(parts: readonly Blob[], signal: AbortSignal): Promise<string> {
  const hash = await createSHA256();
  for (const part of parts) {
    signal.throwIfAborted();
    hash.update(new Uint8Array(await part.arrayBuffer()));
  }
  return hash.digest('hex');
}
