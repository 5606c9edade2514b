import { Unzlib } from 'fflate';
import { type Bytes, joinBytes } from './bytes';

/** A profile or packet larger than this is not one: 1 kB of zlib data can claim a megabyte. */
const MAX_INFLATED_BYTES = 8 * 1024 * 1024;
const STEP_BYTES = 4096;

/** zlib data inflated; null when it is broken or grows beyond 8 MiB. */
export function inflate(bytes: Bytes): Bytes | null {
  const parts: Uint8Array[] = [];
  let total = 0;
  const unzlib = new Unzlib((part) => {
    parts.push(part.slice());
    total += part.length;
  });
  try {
    for (let at = 0; at < bytes.length && total <= MAX_INFLATED_BYTES; at += STEP_BYTES) {
      unzlib.push(bytes.subarray(at, at + STEP_BYTES), at + STEP_BYTES >= bytes.length);
    }
  } catch {
    return null;
  }
  return total > 0 && total <= MAX_INFLATED_BYTES ? joinBytes(parts) : null;
}
