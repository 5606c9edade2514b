/** Runs in the page: the worker that is timed. */
import { WorkerHost } from '../../../src/rpc/host';

const never = () => new AbortController().signal;
const start = () =>
  new Worker(new URL('./opener.worker.mjs', import.meta.url), { type: 'module', name: 'opener' });
const host = new WorkerHost({ name: 'opener', graceMs: 5000, start });

window.bench = {
  open: () => host.engine.open({}, never()),
  run: () => host.engine.run({}, never()),
  gpu: () => host.engine.gpu({}, never()),
};
