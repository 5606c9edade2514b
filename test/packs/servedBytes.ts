import type { ServedFile } from './scenario';

/** What the server sends for a file, and what a test expects on disk: the same noise from the same seed. */
export function noiseBytes(bytes: number, seed: number): Uint8Array<ArrayBuffer> {
  const noise = new Uint8Array(bytes);
  let state = (seed * 2654435761 + 1) >>> 0;
  for (let i = 0; i < bytes; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    noise[i] = state >>> 24;
  }
  return noise;
}

/** @param nth of the requests of that file, from 0 */
export function served(
  { bytes, seed, etag, changedFrom, flip }: ServedFile,
  nth: number,
): { readonly body: Uint8Array; readonly etag: string | undefined } {
  const version = changedFrom && nth >= changedFrom.request ? changedFrom : { seed, etag };
  const body = noiseBytes(bytes, version.seed);
  if (flip && nth < flip.times) body[flip.at]! ^= 1;
  return { body, etag: version.etag };
}
