/** Runs in the page: one worker for each number of threads. */
import { WorkerHost } from '../../../src/rpc/host';

if (!crossOriginIsolated) throw new Error('no threads without cross-origin isolation');

const never = () => new AbortController().signal;
const hosts = new Map();

window.bench = {
  async open({ threads, ...order }) {
    const name = `restorer, threads: ${threads}`;
    const start = () =>
      new Worker(new URL('./restorer.worker.mjs', import.meta.url), { type: 'module', name });
    const host = new WorkerHost({ name, graceMs: 5000, start });
    hosts.set(threads, host);
    return await host.engine.open({ threads, ...order }, never());
  },
  /** Its memory is wanted by the next one. */
  close: ({ threads }) => hosts.get(threads).stop(),
  run: ({ threads }) => hosts.get(threads).engine.run({}, never()),
  differences: ({ threads }) => hosts.get(threads).engine.differences({}, never()),
};
