/** One window at a time works on a pack. The browser gives the lock back when its window dies. */
import { AppError } from '../core/errors';

const PREFIX = 'open-the-eyes-pack:';

/**
 * Runs `work` with the pack to itself.
 * @param whenBusy whether to wait for another holder to end, or to refuse.
 * @throws AppError bad-request (`details.busy`)
 */
export async function withPackLock<T>(
  pack: string,
  signal: AbortSignal,
  whenBusy: 'waits' | 'refuses',
  work: () => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const name = PREFIX + pack;
  const attempt = await navigator.locks.request(name, { ifAvailable: true }, async (lock) =>
    lock ? { result: await work() } : null,
  );
  if (attempt) return attempt.result;
  if (whenBusy === 'refuses') {
    throw new AppError('bad-request', `${pack} is in use by another window or download`, {
      pack,
      busy: true,
    });
  }
  return await navigator.locks.request(name, { signal }, work);
}

/** Packs that are being worked on, in any window. */
export async function busyPacks(): Promise<ReadonlySet<string>> {
  const { held = [] } = await navigator.locks.query();
  const names = held.map(({ name = '' }) => name);
  return new Set(names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length)));
}
