import { watchNews } from '../models/news';
import { WorkerHost } from '../rpc/host';
import type { PackEngine, WatchedPackEngine } from './contracts';

const IDLE_MS = 30_000;

/** Three workers over one disk: downloads wait for each other only, and what only looks waits for nobody. */
export function connectPacks(graceMs: number): {
  readonly engine: WatchedPackEngine;
  /** Ends them all. */
  stop(): void;
} {
  const start = () =>
    new Worker(new URL('../../workers/models.worker.ts', import.meta.url), {
      type: 'module',
      name: 'models',
    });
  const host = () => new WorkerHost<PackEngine>({ name: 'models', graceMs, idleMs: IDLE_MS, start });
  const [looking, downloading, tending] = [host(), host(), host()];
  const { status, open } = looking.engine;
  const { ensure } = downloading.engine;
  const { verify, remove, importFiles, exportTo, others, removeOther } = tending.engine;
  return {
    engine: {
      status,
      open,
      others,
      removeOther,
      ensure,
      verify,
      remove,
      importFiles,
      exportTo,
      watch: watchNews,
    },
    stop() {
      for (const worker of [looking, downloading, tending]) worker.stop();
    },
  };
}
