/** Runs in the page: a fresh worker for each call, as a person meets it who comes back later. */
import { WorkerHost } from '../../../src/rpc/host';

const start = () => new Worker(new URL('./painter.worker.mjs', import.meta.url), { type: 'module' });

window.bench = async (verb, order) => {
  const host = new WorkerHost({ name: 'painter', graceMs: 5000, start });
  const startMs = performance.now();
  const answer = await host.engine[verb](order, new AbortController().signal);
  const ms = performance.now() - startMs;
  host.stop();
  return { ms, answer };
};
