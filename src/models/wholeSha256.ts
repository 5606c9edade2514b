import { createSHA256 } from 'hash-wasm';

/** SHA-256 of a file by its parts, one in memory at a time: the browser's own digest wants the whole file at once. */
export async function wholeSha256(
  parts: readonly Blob[],
  signal: AbortSignal,
  onHashed: (bytes: number) => void,
): Promise<string> {
  const hash = await createSHA256();
  let hashedBytes = 0;
  for (const part of parts) {
    signal.throwIfAborted();
    hash.update(new Uint8Array(await part.arrayBuffer()));
    hashedBytes += part.size;
    onHashed(hashedBytes);
  }
  return hash.digest('hex');
}
