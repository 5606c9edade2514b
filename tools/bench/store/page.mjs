/** Runs in the page: the store's real worker against the bare steps, and a worker that loads a pack onto the GPU. */
import { WorkerHost } from '../../../src/rpc/host';

const CHUNK_BYTES = 16 * 1024 * 1024;

const never = () => new AbortController().signal;
const models = new URLSearchParams(location.search).get('models');
const hostOf = (name, start) => new WorkerHost({ name, graceMs: 5000, start });
const store = hostOf(
  'packs',
  () => new Worker(new URL('./store.worker.mjs', import.meta.url), { type: 'module', name: 'packs' }),
);
const loader = hostOf(
  'loader',
  () => new Worker(new URL('./load.worker.mjs', import.meta.url), { type: 'module', name: 'loader' }),
);

async function timed(work) {
  const startMs = performance.now();
  const result = await work();
  return { ms: performance.now() - startMs, result };
}

async function eachChunk(urls, take) {
  let chunk = new Uint8Array(CHUNK_BYTES);
  let filled = 0;
  for (const url of urls) {
    const { body } = await fetch(url, { cache: 'no-store' });
    for await (const piece of body) {
      for (let rest = piece; rest.length; ) {
        const part = rest.subarray(0, CHUNK_BYTES - filled);
        chunk.set(part, filled);
        filled += part.length;
        rest = rest.subarray(part.length);
        if (filled < CHUNK_BYTES) continue;
        await take(chunk);
        chunk = new Uint8Array(CHUNK_BYTES);
        filled = 0;
      }
    }
  }
  await take(chunk.slice(0, filled));
}

window.bench = {
  /** Through the line and away. @returns ms */
  fetchOnly: async (urls) => (await timed(() => eachChunk(urls, async () => {}))).ms,

  /** Fetched and put into IndexedDB as it comes, in the same chunks: no hash, no ledger, no resume. @returns ms */
  async fetchAndPut(urls) {
    const name = `bare-${performance.now()}`;
    const open = indexedDB.open(name);
    open.onupgradeneeded = () => open.result.createObjectStore('chunks');
    await settled(open);
    let put = Promise.resolve();
    const { ms } = await timed(async () => {
      await eachChunk(urls, async (chunk) => {
        await put;
        const transaction = open.result.transaction('chunks', 'readwrite');
        transaction.objectStore('chunks').put(new Blob([chunk]), performance.now());
        put = settled(transaction);
      });
      await put;
    });
    open.result.close();
    await settled(indexedDB.deleteDatabase(name));
    return ms;
  },

  /** @returns ms */
  ensure: async (pack) => (await timed(() => store.engine.ensure(models, pack, never()))).ms,
  stored: (pack) =>
    hostOf(
      'look',
      () => new Worker(new URL('./store.worker.mjs', import.meta.url), { type: 'module', name: 'look' }),
    ).engine.stored(models, pack, never()),
  remove: (pack) => store.engine.remove(models, pack, never()),
  /** @returns ms and bytes of the handles */
  async open(pack) {
    const { ms, result } = await timed(() => store.engine.open(models, pack, never()));
    return { ms, bytes: Object.values(result.files).reduce((sum, { size }) => sum + size, 0) };
  },
  /** A session on the GPU, and one run of it. @returns ms of the load, and how far the output is from finite noise */
  load: (pack) => loader.engine.load(pack, never()),
  /** A pack's UNet onto the GPU. @returns ms */
  loadUnet: (order) => loader.engine.loadUnet(order, never()),
  /** A step of it. @returns ms and the spread of its answer */
  step: () => loader.engine.step(never()),
};

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = request.oncomplete = resolve;
    request.onerror = request.onabort = () => reject(request.error);
  });
}
