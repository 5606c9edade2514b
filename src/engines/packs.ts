import { watchNews } from '../models/news';
import { WorkerHost } from '../rpc/host';
import type { PackEngine, WatchedPackEngine } from './contracts';

const IDLE_MS = 30_000;
/** Who only looks reads rows of the disk, and waits half a minute at most for the catalog. */
const LOOKING_SILENT_MS = 120_000;

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
  const options = { name: 'models', graceMs, idleMs: IDLE_MS, start };
  const looking = new WorkerHost<PackEngine>({ ...options, silentMs: LOOKING_SILENT_MS });
  const [downloading, tending] = [new WorkerHost<PackEngine>(options), new WorkerHost<PackEngine>(options)];
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
