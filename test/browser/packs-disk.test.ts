/** What is on disk: checked, exported, imported, measured; with the real store. */
import { afterEach, expect, test } from 'vitest';
import type { PackEngine } from '../../src/engines/contracts';
import { WorkerHost } from '../../src/rpc/host';
import { requestsOf } from '../packs/client';
import { noiseBytes } from '../packs/servedBytes';
import {
  bench,
  CHUNK_BYTES,
  changeDisk,
  clearAll,
  contentOf,
  contentWanted,
  FILES,
  failureOf,
  GRAPH,
  makePack,
  never,
  openWindow,
  serveCatalog,
  TOTAL_BYTES,
  WEIGHTS,
} from './packBench';

afterEach(clearAll);

const upload = (path: string, bytes: Uint8Array<ArrayBuffer>) => ({ path, file: new Blob([bytes]) });
const { bytes: weightBytes, seed: weightSeed } = WEIGHTS;
const weights = noiseBytes(weightBytes, weightSeed);
const graph = noiseBytes(GRAPH.bytes, GRAPH.seed);

/** As a failing disk would: other bytes behind the chunk's name. */
const damageChunk = (sha256: string) =>
  changeDisk((rows) => rows.put(new Blob([new Uint8Array(CHUNK_BYTES)]), ['chunk', sha256]));

test('a damaged chunk is found by a check, taken off the disk, and fetched again alone', async () => {
  const { ensure, pack, window, status, content, requests } = await bench();
  await ensure();
  expect(await window.engine.verify(pack.id, never())).toEqual([]);
  await damageChunk(pack.files[0]!.chunkSha256![1]!);
  expect(await window.engine.verify(pack.id, never())).toEqual(['unet/weights.bin']);
  expect(await status()).toMatchObject({ state: 'partial', storedBytes: TOTAL_BYTES - CHUNK_BYTES });
  expect((await failureOf(window.engine.open(pack.id, never()))).code).toBe('model-missing');
  await ensure();
  expect(await content()).toEqual(await contentWanted());
  expect((await requests()).at(-1)).toMatchObject({
    range: `bytes=${CHUNK_BYTES}-${2 * CHUNK_BYTES - 1}`,
    bytes: CHUNK_BYTES,
  });
});

test('exported to a folder and imported on another computer: the same pack, no network', async () => {
  const { ensure, pack, window } = await bench({}, { hashes: 'unknown' });
  await ensure();
  const disk = await navigator.storage.getDirectory();
  const folder = await disk.getDirectoryHandle('exported', { create: true });
  await window.engine.exportTo(pack.id, folder, never());
  const home = await folder.getDirectoryHandle(pack.id);
  const read = async (place: FileSystemDirectoryHandle, name: string) =>
    await (await place.getFileHandle(name)).getFile();
  const handed = [
    { path: `${pack.id}/graph.onnx`, file: await read(home, 'graph.onnx') },
    {
      path: `${pack.id}/unet/weights.bin`,
      file: await read(await home.getDirectoryHandle('unet'), 'weights.bin'),
    },
    { path: `${pack.id}/pack.json`, file: await read(home, 'pack.json') },
  ];
  const described = JSON.parse(await handed[2]!.file.text());
  expect(described.files).toMatchObject([
    { path: 'unet/weights.bin', bytes: WEIGHTS.bytes, approximate: false },
    { path: 'graph.onnx', bytes: GRAPH.bytes, approximate: false },
  ]);
  expect(described.files[0].chunkSha256).toHaveLength(5);

  // The other computer knows the pack as one that somebody has to convert first.
  await clearAll();
  const entry = { ...pack, origin: 'self-hosted' as const, baseUrl: null, files: [], revision: 'none yet' };
  const models = await serveCatalog([entry]);
  const other = openWindow(models);
  const missing = await failureOf(other.engine.ensure({ pack: pack.id }, never()));
  expect(missing).toMatchObject({ code: 'model-missing', details: { path: 'pack.json' } });
  const before = (await requestsOf(models)).length;
  expect(await other.engine.importFiles({ pack: pack.id }, handed, never())).toEqual({
    taken: ['graph.onnx', 'unet/weights.bin'],
    missing: [],
    refused: [],
  });
  expect(await contentOf(other, pack.id)).toEqual(await contentWanted());
  const [status] = await other.engine.status(never());
  expect(status).toMatchObject({
    state: 'ready',
    storedBytes: TOTAL_BYTES,
    pack: { revision: expect.stringMatching(new RegExp(`^${pack.revision} `)) },
  });
  expect((await requestsOf(models)).length).toBe(before);
  await disk.removeEntry('exported', { recursive: true });
});

test('a converted pack that is hosted beside the app is found by its own description', async () => {
  const pack = await makePack(null, { origin: 'self-hosted' });
  const entry = { ...pack, files: [], revision: 'none yet', title: 'As the catalog has it' };
  const models = await serveCatalog([entry], {
    texts: { [`${pack.id}/pack.json`]: JSON.stringify({ ...pack, title: 'As the folder has it' }) },
    files: Object.fromEntries(Object.entries(FILES).map(([path, file]) => [`${pack.id}/${path}`, file])),
  });
  const window = openWindow(models);
  await window.engine.ensure({ pack: pack.id }, never());
  expect(await contentOf(window, pack.id)).toEqual(await contentWanted());
  const [status] = await window.engine.status(never());
  expect(status).toMatchObject({
    state: 'ready',
    pack: { title: 'As the catalog has it', revision: expect.stringMatching(/^1 [0-9a-f]{12}$/) },
  });
});

test('an import takes what is right, names what is not, and a download fetches the rest', async () => {
  const { window, pack, status, ensure, content, requests } = await bench();
  const bad = weights.slice();
  bad[3 * CHUNK_BYTES + 1]! ^= 1;
  const result = await window.engine.importFiles(
    { pack: pack.id },
    [
      upload('holiday.jpg', graph),
      upload('unet/weights.bin', weights.slice(0, -1)),
      upload('deep/folder/unet/weights.bin', bad),
      upload('graph.onnx', graph),
    ],
    never(),
  );
  expect(result).toEqual({
    taken: ['graph.onnx'],
    missing: ['unet/weights.bin'],
    refused: [
      { name: 'holiday.jpg', reason: 'not-of-this-pack' },
      { name: 'unet/weights.bin', reason: 'wrong-size' },
      { name: 'deep/folder/unet/weights.bin', reason: 'wrong-content' },
    ],
  });
  // The chunks before the wrong one were right, and stay.
  expect(await status()).toMatchObject({ state: 'partial', storedBytes: 3 * CHUNK_BYTES + GRAPH.bytes });
  await ensure();
  expect(await content()).toEqual(await contentWanted());
  expect((await requests()).map(({ range }) => range)).toEqual([
    `bytes=${3 * CHUNK_BYTES}-${WEIGHTS.bytes - 1}`,
  ]);
});

test('a file is known by its name alone where only one has it, else by its size', async () => {
  const files = { 'a/model.bin': GRAPH, 'b/model.bin': { bytes: 4001, seed: 5 }, 'c/only.bin': WEIGHTS };
  const pack = await makePack(null, { files });
  const window = openWindow(await serveCatalog([pack]));
  const handed = [
    upload('model.bin', noiseBytes(4001, 5)),
    upload('only.bin', weights),
    upload('model.bin', noiseBytes(4002, 6)),
  ];
  expect(await window.engine.importFiles({ pack: pack.id }, handed, never())).toEqual({
    taken: ['b/model.bin', 'c/only.bin'],
    missing: ['a/model.bin'],
    refused: [{ name: 'model.bin', reason: 'ambiguous-name' }],
  });
});

test('a pack in use elsewhere is not removed, checked, exported or imported into', async () => {
  const { ensure, pack, models, status } = await bench({ bytesPerSecond: 200_000 });
  const work = ensure();
  await expect.poll(async () => (await status()).busy, { interval: 20 }).toBe(true);
  const other = openWindow(models);
  const folder = await navigator.storage.getDirectory();
  for (const refused of [
    other.engine.remove(pack.id, never()),
    other.engine.verify(pack.id, never()),
    other.engine.exportTo(pack.id, folder, never()),
    other.engine.importFiles({ pack: pack.id }, [], never()),
  ]) {
    expect(await failureOf(refused)).toMatchObject({ code: 'bad-request', details: { busy: true } });
  }
  await work;
  await other.engine.remove(pack.id, never());
  expect((await status()).state).toBe('absent');
});

test('a chunk that two packs share stays until the last of them goes', async () => {
  const one = await bench();
  await one.ensure();
  const two = await bench();
  await two.ensure();
  expect(await two.requests()).toEqual([]);
  await one.window.engine.remove(one.pack.id, never());
  expect(await two.content()).toEqual(await contentWanted());
  expect(await two.window.engine.verify(two.pack.id, never())).toEqual([]);
});

test('what other libraries keep is listed, measured and removable', async () => {
  const { window } = await bench();
  expect(await window.engine.others(never())).toEqual([]);
  const cache = await caches.open('transformers-cache');
  await cache.put('https://models.example/a.bin', new Response(graph));
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open('webllm/model', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('urls', { keyPath: 'url' });
    request.onsuccess = () => resolve(request.result);
  });
  const transaction = database.transaction('urls', 'readwrite');
  transaction.objectStore('urls').put({ url: 'https://models.example/b.bin', data: weights.buffer });
  await new Promise((resolve) => {
    transaction.oncomplete = resolve;
  });
  database.close();
  expect(await window.engine.others(never())).toEqual([
    { id: 'transformers', title: 'Language models of transformers.js', storedBytes: GRAPH.bytes },
    { id: 'web-llm', title: 'Language models of WebLLM', storedBytes: WEIGHTS.bytes },
  ]);
  await window.engine.removeOther('transformers', never());
  await window.engine.removeOther('web-llm', never());
  expect(await window.engine.others(never())).toEqual([]);
  expect(await caches.has('transformers-cache')).toBe(false);
});

test("the app's own worker knows the app's own catalog", async () => {
  const host = new WorkerHost<PackEngine>({
    name: 'models',
    graceMs: 3000,
    start: () => new Worker(new URL('../../workers/models.worker.ts', import.meta.url), { type: 'module' }),
  });
  const statuses = await host.engine.status(never());
  host.stop();
  expect(statuses.map(({ pack, state }) => [pack.id, state])).toEqual(
    [
      'buffalo_l',
      'codeformer',
      'gfpgan',
      'parsenet',
      'qwen2.5-1.5b-instruct',
      'retinaface',
      'sdxl-inpaint',
      'sdxl-lightning-4step',
      'sdxl-refiner',
      'sdxl-turbo',
      'sdxl-vae',
    ].map((id) => [id, 'absent']),
  );
});
