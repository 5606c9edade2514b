/** The real store against a real server: the right bytes on disk, whatever the line does, and none fetched twice that was good. */
import { afterEach, expect, test } from 'vitest';
import type { PackNews } from '../../src/core/packDisk';
import { watchNews } from '../../src/models/news';
import { requestsOf } from '../packs/client';
import type { Scenario } from '../packs/scenario';
import {
  bench,
  CHUNK_BYTES,
  clearAll,
  contentOf,
  contentWanted,
  FILES,
  makePack,
  never,
  openWindow,
  serveCatalog,
  serveScenario,
  TOTAL_BYTES,
  WEIGHTS,
} from './packBench';

afterEach(clearAll);

test('a download: every byte once, no referrer, and from then on no network', async () => {
  const { ensure, content, status, requests, pack, window } = await bench();
  expect(await status()).toMatchObject({ state: 'absent', storedBytes: 0, missingBytes: TOTAL_BYTES });
  await ensure();
  expect(await content()).toEqual(await contentWanted());
  expect(await status()).toMatchObject({
    state: 'ready',
    busy: false,
    storedBytes: TOTAL_BYTES,
    missingBytes: 0,
    firstSeen: [],
  });
  const sent = await requests();
  expect(sent).toEqual([
    { path: 'unet/weights.bin', range: null, status: 200, bytes: WEIGHTS.bytes, referer: null },
    { path: 'graph.onnx', range: null, status: 200, bytes: FILES['graph.onnx'].bytes, referer: null },
  ]);
  await ensure();
  expect(await requests()).toEqual(sent);

  // The app's server and the publisher's are gone; a new window opens the pack all the same.
  const offline = openWindow('http://127.0.0.1:9/models/');
  expect(await contentOf(offline, pack.id)).toEqual(await contentWanted());
  expect((await offline.engine.status(never())).find((s) => s.pack.id === pack.id)).toMatchObject({
    state: 'ready',
    pack,
  });
  await window.engine.remove(pack.id, never());
  expect(await status()).toMatchObject({ state: 'absent', storedBytes: 0 });
});

test('a line that is cut at each tenth is taken up where it broke', async () => {
  const cutAfterBytes = Math.ceil(WEIGHTS.bytes / 10);
  const { ensure, content, requests } = await bench({ cutAfterBytes });
  await ensure();
  expect(await content()).toEqual(await contentWanted());
  const weights = (await requests()).filter(({ path }) => path === 'unet/weights.bin');
  expect(weights.length).toBeGreaterThanOrEqual(10);
  const starts = weights.map(({ range }) => Number(/^bytes=(\d+)/.exec(range ?? 'bytes=0')![1]));
  // Each starts where the one before had come to; what was on the line when it broke may have to come again.
  for (const [i, start] of starts.entries()) {
    if (i === 0) continue;
    const reached = starts[i - 1]! + cutAfterBytes;
    expect(start).toBeGreaterThan(starts[i - 1]!);
    expect(start).toBeLessThanOrEqual(reached);
  }
  const sent = weights.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(sent).toBeLessThan(WEIGHTS.bytes * 1.25);
});

test.each<[string, Partial<Scenario>]>([
  ['a redirect to another origin', { redirect: true }],
  ['503 twice, then fine', { statuses: [503, 503] }],
  ['a server that tells no length', { hideLength: true }],
  ['a line that goes silent', { stallAfterBytes: 150_000 }],
])('%s: every byte once', async (_, scenario) => {
  const { ensure, content, requests, sentBytes } = await bench(scenario);
  await ensure();
  expect(await content()).toEqual(await contentWanted());
  expect(await sentBytes()).toBe(TOTAL_BYTES);
  expect((await requests()).every(({ referer }) => referer === null)).toBe(true);
});

test('a redirect, and cuts', async () => {
  const { ensure, content, requests } = await bench({ redirect: true, cutAfterBytes: 100_000 });
  await ensure();
  expect(await content()).toEqual(await contentWanted());
  expect((await requests()).length).toBeLessThan(6);
});

test.each(['ignored', 'refused', 'preflight-refused'] as const)(
  'a server whose parts are %s is streamed whole, cut and kept all the same',
  async (ranges) => {
    const flip = { at: 2 * CHUNK_BYTES + 5, times: 1 };
    const files = { ...FILES, 'unet/weights.bin': { ...WEIGHTS, flip } };
    const { ensure, content, sentBytes } = await bench({ files, ranges });
    await ensure();
    expect(await content()).toEqual(await contentWanted());
    // The second stream ends with the chunk that was wrong; finding out that parts are refused may cost a begun one.
    expect(await sentBytes()).toBeLessThanOrEqual((ranges === 'preflight-refused' ? 3 : 2) * TOTAL_BYTES);
  },
);

test.each(['ignored', 'refused', 'preflight-refused'] as const)(
  'a line that is cut once on a server whose parts are %s',
  async (ranges) => {
    const { ensure, content, requests } = await bench({ ranges, cutAfterBytes: 150_000, cuts: 1 });
    await ensure();
    expect(await content()).toEqual(await contentWanted());
    const weights = (await requests()).filter(({ path }) => path === 'unet/weights.bin');
    expect(weights[0]).toMatchObject({ range: null, bytes: 150_000 });
    expect(weights.at(-1)!.status).toBe(200);
  },
);

test('a server that hands out parts is asked for parts, also after it was busy', async () => {
  const files = { 'weights.bin': WEIGHTS };
  const { ensure, content, requests, sentBytes } = await bench(
    { files, cutAfterBytes: 4 * CHUNK_BYTES, statuses: [200, 503, 503, 503] },
    { files },
  );
  await ensure();
  expect(await content()).toEqual(await contentWanted(files));
  expect(await sentBytes()).toBeLessThanOrEqual(WEIGHTS.bytes + CHUNK_BYTES);
  const [, ...later] = await requests();
  expect(later.map(({ status }) => status)).toEqual([503, 503, 503, 206]);
  expect(later.every(({ range }) => range === later[0]!.range)).toBe(true);
});

test('one flipped byte: that chunk is fetched again, alone', async () => {
  const flip = { at: 2 * CHUNK_BYTES + 5, times: 1 };
  const { ensure, content, requests } = await bench({
    files: { ...FILES, 'unet/weights.bin': { ...WEIGHTS, flip } },
  });
  await ensure();
  expect(await content()).toEqual(await contentWanted());
  const weights = (await requests()).filter(({ path }) => path === 'unet/weights.bin');
  expect(weights.map(({ range, bytes }) => [range, bytes])).toEqual([
    [null, WEIGHTS.bytes],
    [`bytes=${2 * CHUNK_BYTES}-${3 * CHUNK_BYTES - 1}`, CHUNK_BYTES],
  ]);
});

test('progress never falls, ends at its total, and is heard in every window', async () => {
  const flip = { at: 5, times: 1 };
  const { ensure, pack, status } = await bench({
    bytesPerSecond: 200_000,
    files: { ...FILES, 'unet/weights.bin': { ...WEIGHTS, flip } },
  });
  const heard: PackNews[] = [];
  const end = watchNews((news) => news.pack === pack.id && heard.push(news));
  const work = ensure();
  await expect.poll(() => heard.length).toBeGreaterThan(0);
  expect((await status()).busy).toBe(true);
  await work;
  await expect.poll(() => heard.at(-1)?.activity).toBe(null);
  end();
  const going = heard.filter(({ totalBytes }) => totalBytes > 0);
  expect(going.every(({ totalBytes }) => totalBytes === TOTAL_BYTES)).toBe(true);
  const done = going.map(({ doneBytes }) => doneBytes);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect(done[0]).toBeLessThan(TOTAL_BYTES / 2);
  expect(done.at(-1)).toBe(TOTAL_BYTES);
});

test('a cancel keeps what was good; the next call asks for the rest only', async () => {
  const { ensure, content, requests, status } = await bench({ bytesPerSecond: 200_000 });
  const controller = new AbortController();
  const work = ensure(controller.signal).catch((error: unknown) => error);
  await expect.poll(async () => (await status()).storedBytes, { interval: 20 }).toBeGreaterThan(0);
  controller.abort();
  expect(await work).toHaveProperty('name', 'AbortError');
  const { storedBytes, state, busy } = await status();
  expect(storedBytes % CHUNK_BYTES).toBe(0);
  expect(storedBytes).toBeLessThan(WEIGHTS.bytes);
  expect({ state, busy }).toEqual({ state: 'partial', busy: false });
  const before = (await requests()).length;
  await ensure();
  expect(await content()).toEqual(await contentWanted());
  const after = (await requests()).slice(before);
  expect(after.map(({ range }) => range)).toEqual([`bytes=${storedBytes}-${WEIGHTS.bytes - 1}`, null]);
});

test('a window closed in the middle costs the chunk it was at, no more', async () => {
  const { ensure, window, requests, status, pack, models } = await bench({ bytesPerSecond: 200_000 });
  const work = ensure().catch((error: unknown) => error);
  await expect
    .poll(async () => (await requests())[0]?.bytes ?? 0, { interval: 20 })
    .toBeGreaterThan(1.5 * CHUNK_BYTES);
  window.stop();
  expect(await work).toHaveProperty('code', 'engine-lost');
  await expect.poll(async () => (await status()).busy).toBe(false);
  const { storedBytes } = await status();
  expect(storedBytes).toBeGreaterThanOrEqual(CHUNK_BYTES);
  const before = (await requests()).length;
  const next = openWindow(models);
  await next.engine.ensure({ pack: pack.id }, never());
  expect(await contentOf(next, pack.id)).toEqual(await contentWanted());
  const [first] = (await requests()).slice(before);
  expect(first).toMatchObject({ range: `bytes=${storedBytes}-${WEIGHTS.bytes - 1}` });
});

test('two windows want the same pack: one fetches, the other waits, nothing comes twice', async () => {
  const { ensure, models, pack, sentBytes } = await bench({ bytesPerSecond: 1_000_000 });
  const other = openWindow(models);
  await Promise.all([ensure(), other.engine.ensure({ pack: pack.id }, never())]);
  expect(await contentOf(other, pack.id)).toEqual(await contentWanted());
  expect(await sentBytes()).toBe(TOTAL_BYTES);
});

test('the window that fetches dies: the one that waits goes on from there', async () => {
  const { ensure, window, models, pack, requests } = await bench({ bytesPerSecond: 200_000 });
  const work = ensure().catch((error: unknown) => error);
  await expect
    .poll(async () => (await requests())[0]?.bytes ?? 0, { interval: 20 })
    .toBeGreaterThan(1.5 * CHUNK_BYTES);
  const other = openWindow(models);
  const taken = other.engine.ensure({ pack: pack.id }, never());
  window.stop();
  await work;
  await taken;
  expect(await contentOf(other, pack.id)).toEqual(await contentWanted());
});

test('when the end is heard the pack is free', async () => {
  const { ensure, pack, status } = await bench({ bytesPerSecond: 1_000_000 });
  const busy: boolean[] = [];
  const asked: Promise<unknown>[] = [];
  const end = watchNews((news) => {
    if (news.pack !== pack.id || news.activity) return;
    asked.push(status().then((known) => busy.push(known.busy)));
  });
  await ensure();
  await expect.poll(() => asked.length).toBe(1);
  await Promise.all(asked);
  end();
  expect(busy).toEqual([false]);
});

test('each source is asked for each file: none has to have all of them', async () => {
  const pack = await makePack(await serveScenario({ files: { 'graph.onnx': FILES['graph.onnx'] } }));
  const mirror = await serveScenario({ files: { [`${pack.id}/unet/weights.bin`]: WEIGHTS } });
  const window = openWindow(await serveCatalog([pack]));
  await window.engine.ensure({ pack: pack.id, mirror }, never());
  expect(await contentOf(window, pack.id)).toEqual(await contentWanted());
});

test('what a change of source gives up is taken off the progress', async () => {
  // The publisher breaks for good in the middle of a chunk; chunks with published hashes go on from the mirror.
  const base = await serveScenario({
    files: FILES,
    cutAfterBytes: 100_000,
    statuses: [200, 404, 404, 404, 404],
  });
  const pack = await makePack(base);
  const named = Object.fromEntries(Object.entries(FILES).map(([path, file]) => [`${pack.id}/${path}`, file]));
  const mirror = await serveScenario({ files: named });
  const heard: PackNews[] = [];
  const end = watchNews((news) => news.pack === pack.id && heard.push(news));
  const window = openWindow(await serveCatalog([pack]));
  await window.engine.ensure({ pack: pack.id, mirror }, never());
  await expect.poll(() => heard.at(-1)?.activity).toBe(null);
  end();
  expect(heard.at(-1)).toMatchObject({ doneBytes: TOTAL_BYTES, totalBytes: TOTAL_BYTES });
  expect(await contentOf(window, pack.id)).toEqual(await contentWanted());
  const [first] = await requestsOf(mirror);
  expect(first!.range).toBe(`bytes=${CHUNK_BYTES}-${WEIGHTS.bytes - 1}`);
});

test("the app's own origin is asked first, then the publisher, then the mirror", async () => {
  const publisher = await serveScenario({ files: { 'graph.onnx': FILES['graph.onnx'] } });
  const mirror = await serveScenario({ files: {} });
  const pack = await makePack(publisher);
  const models = await serveCatalog([pack], {
    files: { [`${pack.id}/unet/weights.bin`]: WEIGHTS },
  });
  const window = openWindow(models);
  await window.engine.ensure({ pack: pack.id, mirror }, never());
  expect(await contentOf(window, pack.id)).toEqual(await contentWanted());
  const own = (await requestsOf(models)).map(({ path }) => path);
  expect(own).toContain(`${pack.id}/unet/weights.bin`);
  expect((await requestsOf(publisher)).map(({ path }) => path)).toEqual(['graph.onnx']);
  expect(await requestsOf(mirror)).toEqual([]);
});

test('a mirror gives what nobody else has', async () => {
  const pack = await makePack(await serveScenario({ files: {} }));
  const named = Object.fromEntries(Object.entries(FILES).map(([path, file]) => [`${pack.id}/${path}`, file]));
  const mirror = await serveScenario({ files: named });
  const window = openWindow(await serveCatalog([pack]));
  await window.engine.ensure({ pack: pack.id, mirror: mirror.slice(0, -1) }, never());
  expect(await contentOf(window, pack.id)).toEqual(await contentWanted());
});
