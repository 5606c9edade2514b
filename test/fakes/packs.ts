/**
 * A pack engine for tests of flow only: work on a pack goes on, ends and fails as the test says. Like the real one it
 * runs one download and one other work at a time, lets a download wait for another window and refuses the rest, keeps
 * what has come when a signal aborts, and tells every window.
 */
import { AppError } from '../../src/core/errors';
import type {
  ImportResult,
  OtherCache,
  PackActivity,
  PackNews,
  PackRequest,
  PackStatus,
  Upload,
} from '../../src/core/packDisk';
import type { WatchedPackEngine } from '../../src/engines/contracts';
import { bytesOf } from './packList';

export interface FakePacksOptions {
  readonly statuses?: readonly PackStatus[];
  readonly others?: readonly OtherCache[];
  /** Work that goes on until the test ends it; all other ends at once. */
  readonly held?: readonly PackActivity[];
  readonly imported?: ImportResult;
  /** A running call that is cancelled ends only after it. */
  readonly stopsAfter?: Promise<void>;
  /** What a check finds. */
  readonly damaged?: readonly string[];
  /** What other libraries keep is told only after it. */
  readonly measured?: Promise<void>;
}

export interface FakePacks extends WatchedPackEngine {
  /** `method pack`, in order. */
  readonly calls: string[];
  /** What `ensure` and `importFiles` were asked for, in order. */
  readonly requests: PackRequest[];
  readonly imports: (readonly Upload[])[];
  /** How often it was asked what other libraries keep. */
  measures: number;
  /** How often the end of work was told, which is after its answer. */
  echoes: number;
  /** So many bytes of the pack's running work are done. */
  come(pack: string, doneBytes: number): void;
  /** The pack's running download or import reads what has come once more. */
  check(pack: string, doneBytes: number): void;
  finish(pack: string): void;
  fail(pack: string, error: AppError): void;
  /** What another window does; null: it has ended. Its status is changed by `change`. */
  elsewhere(pack: string, activity: PackActivity | null, doneBytes?: number): void;
  /** The other window is gone, without a word. */
  dieElsewhere(pack: string): void;
  change(pack: string, change: Partial<PackStatus>): void;
  /** Set: `status` rejects with it. */
  statusError: AppError | null;
  /** Set: `removeOther` rejects with it. */
  removeOtherError: AppError | null;
}

const ECHO_MS = 60;

interface Running {
  readonly activity: PackActivity;
  readonly end: (error?: Error) => void;
}

export function fakePacks(options: FakePacksOptions = {}): FakePacks {
  const { held = ['download'], damaged = [] } = options;
  const statuses = new Map((options.statuses ?? []).map((status) => [status.pack.id, status]));
  let others = options.others ?? [];
  const listeners = new Set<(news: PackNews) => void>();
  const running = new Map<string, Running>();
  const calls: string[] = [];
  const requests: PackRequest[] = [];
  const imports: (readonly Upload[])[] = [];
  let downloads: Promise<void> = Promise.resolve();
  let rest: Promise<void> = Promise.resolve();
  /** By pack: the work of another window, until it ends. */
  const theirs = new Map<string, PromiseWithResolvers<void>>();

  function statusOf(pack: string): PackStatus {
    const status = statuses.get(pack);
    if (!status) throw new AppError('bad-request', 'the fake does not know this pack', { pack });
    return status;
  }
  function change(pack: string, changed: Partial<PackStatus>): void {
    statuses.set(pack, { ...statusOf(pack), ...changed });
  }
  function tell(
    pack: string,
    activity: PackActivity | null,
    doneBytes: number,
    totalBytes = bytesOf(statusOf(pack).pack),
  ): void {
    for (const listener of listeners) listener({ pack, activity, doneBytes, totalBytes });
  }

  async function work(pack: string, activity: PackActivity, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    const settled = promise.catch(() => undefined);
    const isDownload = activity === 'download';
    const before = isDownload ? downloads : rest;
    if (isDownload) downloads = before.then(() => settled);
    else rest = before.then(() => settled);
    await Promise.race([before, promise]);
    const other = theirs.get(pack);
    if (other && !isDownload) {
      resolve();
      throw new AppError('bad-request', 'fake', { pack, busy: true });
    }
    await Promise.race([other?.promise, promise]);
    change(pack, { busy: true });
    // At its beginning work knows no amounts.
    tell(pack, activity, 0, 0);
    running.set(pack, { activity, end: (error) => (error ? reject(error) : resolve()) });
    if (!held.includes(activity)) resolve();
    try {
      await promise;
    } finally {
      if (signal.aborted) await options.stopsAfter;
      running.delete(pack);
      change(pack, { busy: false });
      // News takes another way than the answer, and may come after it.
      setTimeout(() => tell(pack, activity, 0));
      setTimeout(() => {
        tell(pack, null, 0);
        engine.echoes += 1;
      }, ECHO_MS);
    }
  }

  function whole(pack: string): Partial<PackStatus> {
    return { state: 'ready', missingBytes: 0, storedBytes: bytesOf(statusOf(pack).pack) };
  }

  const engine: FakePacks = {
    calls,
    requests,
    imports,
    measures: 0,
    echoes: 0,
    statusError: null,
    removeOtherError: null,
    async status(signal) {
      signal.throwIfAborted();
      if (engine.statusError) throw engine.statusError;
      return [...statuses.values()];
    },
    async ensure(request, signal) {
      const { pack, acceptTerms } = request;
      calls.push(`ensure ${pack}`);
      requests.push(request);
      const { restricted } = statusOf(pack).pack;
      if (restricted && !acceptTerms && !statusOf(pack).termsAcceptedAt)
        throw new AppError('bad-request', 'terms not accepted', { terms: restricted.url });
      if (acceptTerms) change(pack, { termsAcceptedAt: '2026-11-19T17:42:00.000Z' });
      await work(pack, 'download', signal);
      change(pack, whole(pack));
    },
    async open(pack) {
      return { pack: statusOf(pack).pack, files: {} };
    },
    async verify(pack, signal) {
      calls.push(`verify ${pack}`);
      await work(pack, 'verify', signal);
      if (damaged.length) change(pack, { state: 'partial' });
      return damaged;
    },
    async remove(pack, signal) {
      calls.push(`remove ${pack}`);
      await work(pack, 'remove', signal);
      change(pack, { state: 'absent', storedBytes: 0, missingBytes: bytesOf(statusOf(pack).pack) });
    },
    async importFiles(request, uploads, signal) {
      calls.push(`import ${request.pack}`);
      requests.push(request);
      imports.push(uploads);
      await work(request.pack, 'import', signal);
      const result = options.imported ?? { taken: uploads.map(({ path }) => path), missing: [], refused: [] };
      if (!result.missing.length) change(request.pack, whole(request.pack));
      return result;
    },
    async exportTo(pack, folder, signal) {
      calls.push(`export ${pack} to ${folder.name}`);
      await work(pack, 'export', signal);
    },
    async others(signal) {
      engine.measures += 1;
      await options.measured;
      signal.throwIfAborted();
      return others;
    },
    async removeOther(id, signal) {
      calls.push(`removeOther ${id}`);
      signal.throwIfAborted();
      if (engine.removeOtherError) throw engine.removeOtherError;
      others = others.filter((other) => other.id !== id);
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    come(pack, doneBytes) {
      const { activity } = running.get(pack)!;
      const missingBytes = bytesOf(statusOf(pack).pack) - doneBytes;
      if (activity === 'download') change(pack, { state: 'partial', storedBytes: doneBytes, missingBytes });
      tell(pack, activity, doneBytes);
    },
    check: (pack, doneBytes) => tell(pack, 'verify', doneBytes),
    finish: (pack) => running.get(pack)!.end(),
    fail: (pack, error) => running.get(pack)!.end(error),
    elsewhere(pack, activity, doneBytes = 0) {
      change(pack, { busy: activity !== null });
      tell(pack, activity, doneBytes);
      if (!activity) engine.dieElsewhere(pack);
      else if (!theirs.has(pack)) theirs.set(pack, Promise.withResolvers());
    },
    dieElsewhere(pack) {
      change(pack, { busy: false });
      theirs.get(pack)?.resolve();
      theirs.delete(pack);
    },
    change,
  };
  return engine;
}
