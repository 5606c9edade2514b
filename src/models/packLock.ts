/** One window at a time works on a pack. The browser gives the lock back when its window dies. */
import { AppError } from '../core/errors';

const PREFIX = 'open-the-eyes-pack:';

/**
 * Runs `work` with the pack to itself.
 * @param onWait called once when another holder is at it: then this waits. Without it, a busy pack is refused.
 * @throws AppError bad-request (`details.busy`)
 */
export async function withPackLock<T>(
  pack: string,
  signal: AbortSignal,
  work: () => Promise<T>,
  onWait?: () => void,
): Promise<T> {
  signal.throwIfAborted();
  const name = PREFIX + pack;
  const attempt = await navigator.locks.request(name, { ifAvailable: true }, async (lock) =>
    lock ? { result: await work() } : null,
  );
  if (attempt) return attempt.result;
  if (!onWait) {
    throw new AppError('bad-request', `${pack} is in use by another window or download`, {
      pack,
      busy: true,
    });
  }
  onWait();
  return await navigator.locks.request(name, { signal }, work);
}

/** Packs that are being worked on, in any window. */
export async function busyPacks(): Promise<ReadonlySet<string>> {
  const { held = [] } = await navigator.locks.query();
  const names = held.map(({ name = '' }) => name);
  return new Set(names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length)));
}
