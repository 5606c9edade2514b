import { watchNews } from '../models/news';
import { WorkerHost } from '../rpc/host';
import type { PackEngine, WatchedPackEngine } from './contracts';

const IDLE_MS = 30_000;

/** Two workers over one disk: what only looks does not wait for what works. Long work waits its turn. */
export function connectPacks(graceMs: number): {
  readonly engine: WatchedPackEngine;
  /** Ends both. */
  stop(): void;
} {
  const start = () =>
    new Worker(new URL('../../workers/models.worker.ts', import.meta.url), {
      type: 'module',
      name: 'models',
    });
  const looking = new WorkerHost<PackEngine>({ name: 'models', graceMs, idleMs: IDLE_MS, start });
  const working = new WorkerHost<PackEngine>({ name: 'models', graceMs, idleMs: IDLE_MS, start });
  const { status, open, others, removeOther } = looking.engine;
  const { ensure, verify, remove, importFiles, exportTo } = working.engine;
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
      looking.stop();
      working.stop();
    },
  };
}
