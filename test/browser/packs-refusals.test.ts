/** What is not the file is never kept, and a person hears why; what was good stays. */
import { afterEach, expect, test } from 'vitest';
import { requestsOf } from '../packs/client';
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
  serveScenario,
  TOTAL_BYTES,
  WEIGHTS,
} from './packBench';

afterEach(clearAll);

const absent = { state: 'absent', storedBytes: 0, busy: false };

test.each(['of-chunks', 'unknown'] as const)(
  'a web page in place of a file is never stored (hashes %s)',
  async (hashes) => {
    for (const page of ['told', 'disguised'] as const) {
      const { ensure, status } = await bench({ page }, { hashes });
      const error = await failureOf(ensure());
      // Where hashes are known a disguised page is simply the wrong file.
      const code = hashes === 'of-chunks' && page === 'disguised' ? 'model-corrupt' : 'model-missing';
      expect(error.code).toBe(code);
      expect(error.details['path']).toBe('unet/weights.bin');
      expect(await status()).toMatchObject(absent);
    }
  },
);

test.each([
  ['longer', WEIGHTS.bytes + 1],
  ['shorter', WEIGHTS.bytes - 1],
])('a file that is %s than published is refused before it is read', async (_, bytes) => {
  const files = { ...FILES, 'unet/weights.bin': { ...WEIGHTS, bytes } };
  const { base } = await bench({ files });
  const pack = await makePack(base);
  const window = openWindow(await serveCatalog([pack]));
  const error = await failureOf(window.engine.ensure({ pack: pack.id }, never()));
  expect(error.code).toBe('model-corrupt');
  expect(error.message).toContain(`${bytes} bytes, not ${WEIGHTS.bytes}`);
});

test.each([
  ['longer', WEIGHTS.bytes + 1, 'model-corrupt'],
  ['shorter', WEIGHTS.bytes - 1, 'model-corrupt'],
])('a file that is %s and does not tell is refused all the same', async (_, bytes, code) => {
  const files = { ...FILES, 'unet/weights.bin': { ...WEIGHTS, bytes } };
  const { ensure, status } = await bench({ files, hideLength: true });
  const error = await failureOf(ensure());
  expect(error.code).toBe(code);
  expect((await status()).state).toBe('partial');
});

test('statuses that say no: the pack is missing, and who was asked is told', async () => {
  const { ensure, status, base } = await bench({ statuses: [403, 403, 403, 403] });
  const error = await failureOf(ensure());
  expect(error.code).toBe('model-missing');
  expect(error.details['hosts']).toContain(new URL(base).host);
  expect(await status()).toMatchObject(absent);
});

test('a server that stays broken: given up after some tries, and the next call goes on', async () => {
  const files = { 'unet/weights.bin': WEIGHTS };
  const { ensure, requests, content } = await bench({ files, statuses: Array(7).fill(503) }, { files });
  const error = await failureOf(ensure());
  expect(error.code).toBe('download-failed');
  expect(error.details).toMatchObject({ path: 'unet/weights.bin', reason: 'the server is busy (503)' });
  // Two hasty tries while others were still to be asked, five patient ones.
  expect(await requests()).toHaveLength(7);
  await ensure();
  expect(await content()).toEqual(await contentWanted(files));
});

test('a byte that stays wrong: the file is refused, its good chunks are kept', async () => {
  const flip = { at: 2 * CHUNK_BYTES + 5, times: 100 };
  const { ensure, status, requests } = await bench({
    files: { ...FILES, 'unet/weights.bin': { ...WEIGHTS, flip } },
  });
  const error = await failureOf(ensure());
  expect(error.code).toBe('model-corrupt');
  expect(error.details).toMatchObject({ path: 'unet/weights.bin', changed: false });
  const { state, storedBytes } = await status();
  expect({ state, storedBytes }).toEqual({ state: 'partial', storedBytes: WEIGHTS.bytes - CHUNK_BYTES });
  expect((await requests()).map(({ bytes }) => bytes)).toEqual([WEIGHTS.bytes, CHUNK_BYTES, CHUNK_BYTES]);
});

test('a new revision never costs the old one before it is whole, and shared chunks are not fetched again', async () => {
  const { ensure, pack, content, base } = await bench();
  await ensure();
  const files = { ...FILES, 'unet/weights.bin': { ...WEIGHTS, seed: 55 } };
  const next = await serveScenario({ files, cutAfterBytes: 150_000, statuses: [200, 404] });
  const newer = await makePack(next, { id: pack.id, revision: '2', files });
  const window = openWindow(await serveCatalog([newer]));
  const statusOf = async () => (await window.engine.status(never())).find((s) => s.pack.id === pack.id)!;
  expect((await statusOf()).state).toBe('outdated');
  expect((await failureOf(window.engine.ensure({ pack: pack.id }, never()))).code).toBe('model-missing');
  expect(await statusOf()).toMatchObject({ state: 'outdated', pack: { revision: '2' } });
  expect((await statusOf()).storedBytes).toBeGreaterThan(TOTAL_BYTES);
  // The graph is the same in both: it needs no source.
  expect(await content()).toEqual(await contentWanted());

  await window.engine.ensure({ pack: pack.id }, never());
  expect(await contentOf(window, pack.id)).toEqual(await contentWanted(files));
  expect(await statusOf()).toMatchObject({ state: 'ready', storedBytes: TOTAL_BYTES });
  expect((await requestsOf(next)).filter(({ path }) => path === 'graph.onnx')).toEqual([]);
  expect((await requestsOf(base)).length).toBe(2);
});

test('a pack that was converted anew never costs the old one before it is whole, whatever its revision is called', async () => {
  const pack = await makePack(null, { origin: 'self-hosted' });
  const entry = { ...pack, files: [], revision: 'none yet' };
  const hosted = (files: typeof FILES) =>
    Object.fromEntries(Object.entries(files).map(([path, file]) => [`${pack.id}/${path}`, file]));
  const models = await serveCatalog([entry], {
    texts: { [`${pack.id}/pack.json`]: JSON.stringify(pack) },
    files: hosted(FILES),
  });
  const window = openWindow(models);
  await window.engine.ensure({ pack: pack.id }, never());

  const files = { ...FILES, 'unet/weights.bin': { ...WEIGHTS, seed: 55 } };
  const anew = await makePack(null, { origin: 'self-hosted', id: pack.id, files });
  const half = await serveCatalog([entry], {
    texts: { [`${pack.id}/pack.json`]: JSON.stringify(anew) },
    files: { [`${pack.id}/graph.onnx`]: GRAPH },
  });
  const later = openWindow(half);
  expect((await failureOf(later.engine.ensure({ pack: pack.id }, never()))).code).toBe('model-missing');
  expect(await contentOf(later, pack.id)).toEqual(await contentWanted());

  for (const json of [JSON.stringify({ ...anew, files: [] }), '{"id":']) {
    const broken = await serveCatalog([entry], { texts: { [`${pack.id}/pack.json`]: json } });
    const refused = failureOf(openWindow(broken).engine.ensure({ pack: pack.id }, never()));
    expect((await refused).code).toBe('model-corrupt');
    expect(await contentOf(later, pack.id)).toEqual(await contentWanted());
  }
});

test('a description that stalls is a failed download, not a pack that nobody has', async () => {
  const pack = await makePack(null, { origin: 'self-hosted' });
  const path = `${pack.id}/pack.json`;
  const texts = { [path]: JSON.stringify(pack) };
  const entry = { ...pack, files: [], revision: 'none yet' };
  const stalled = await serveCatalog([entry], { texts, stalledTexts: [path] });
  const error = await failureOf(openWindow(stalled).engine.ensure({ pack: pack.id }, never()));
  expect(error).toMatchObject({ code: 'download-failed', details: { path: 'pack.json' } });
});

test('a chunk that is lost while its file comes in is fetched again', async () => {
  const { ensure, pack, status, content } = await bench({ bytesPerSecond: 200_000 });
  const work = ensure();
  await expect.poll(async () => (await status()).storedBytes, { interval: 20 }).toBeGreaterThan(0);
  await changeDisk((rows) => rows.delete(['chunk', pack.files[0]!.chunkSha256![0]!]));
  await work;
  expect((await status()).state).toBe('ready');
  expect(await content()).toEqual(await contentWanted());
});

test('what nobody knows, and what nobody accepted, is refused before anything is asked', async () => {
  const restricted = { summary: 'Not for sale.', url: 'https://licence.example/' };
  const { ensure, pack, window, requests, content, status } = await bench({}, { restricted });
  expect((await failureOf(window.engine.ensure({ pack: 'nobody' }, never()))).code).toBe('bad-request');
  const refused = await failureOf(ensure());
  expect(refused.code).toBe('bad-request');
  expect(refused.details).toMatchObject({ terms: 'Not for sale.', url: restricted.url });
  expect((await status()).termsAcceptedAt).toBeNull();
  expect(await requests()).toEqual([]);
  await window.engine.ensure({ pack: pack.id, acceptTerms: true }, never());
  expect(await content()).toEqual(await contentWanted());
  expect(Date.parse((await status()).termsAcceptedAt!)).toBeLessThanOrEqual(Date.now());
  await window.engine.remove(pack.id, never());
  await ensure();
  const mirror = await failureOf(window.engine.ensure({ pack: pack.id, mirror: 'my disk' }, never()));
  expect(mirror.details).toMatchObject({ field: 'mirror', found: 'my disk' });
});
