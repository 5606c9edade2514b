/** Runs in the page: one worker for each number of threads. */
import { WorkerHost } from '../../../src/rpc/host';

if (!crossOriginIsolated) throw new Error('no threads without cross-origin isolation');

const never = () => new AbortController().signal;
const hosts = new Map();

window.bench = {
  async open(order) {
    const name = `vision, threads: ${order.threads}`;
    const start = () => new Worker(new URL('./vision.worker.mjs', import.meta.url), { type: 'module', name });
    const host = new WorkerHost({ name, graceMs: 5000, start });
    hosts.set(order.threads, host);
    await host.engine.open(order, never());
  },
  run: (order) => hosts.get(order.threads).engine.run(order, never()),
};
