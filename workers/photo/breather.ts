import { pause } from '../pause';

/** A timer's turn costs up to 4 ms, so a loop asks often and pauses seldom. */
const STRETCH_MS = 40;

/**
 * For loops over many small blocks: lets messages in when the last pause is long enough ago.
 * @throws AbortError from the returned function
 */
export function breather(signal: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < STRETCH_MS) return;
    await pause(signal);
    last = performance.now();
  };
}
