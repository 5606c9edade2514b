/** What is not the file is never kept, and a person hears why; what was good stays. */
import { afterEach, expect, test } from 'vitest';
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
  requestsOf,
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

test('only the hash of the whole file is published: a right one is taken, a wrong one leaves nothing', async () => {
  const right = await bench({}, { hashes: 'of-files' });
  await right.ensure();
  expect(await right.content()).toEqual(await contentWanted());
  expect((await right.status()).firstSeen).toEqual([]);

  const other = { 'weights.bin': { ...WEIGHTS, seed: 21 } };
  const flip = { at: 9, times: 100 };
  const wrong = await bench(
    { files: { 'weights.bin': { ...other['weights.bin'], flip } } },
    { hashes: 'of-files', files: other },
  );
  expect((await failureOf(wrong.ensure())).code).toBe('model-corrupt');
  expect(await wrong.status()).toMatchObject(absent);
});

test('trust on first use: what came first is remembered after a removal, and a changed file is refused until a person takes it', async () => {
  const files = { 'weights.bin': { ...WEIGHTS, changedFrom: { request: 1, seed: 99 } } };
  const honest = { 'weights.bin': WEIGHTS };
  const { ensure, status, pack, window, content, base } = await bench(
    { files },
    { hashes: 'unknown', files: honest },
  );
  await ensure();
  expect(await content()).toEqual(await contentWanted(honest));
  const { firstSeen, pack: known } = await status();
  expect(known.files[0]).toMatchObject({ approximate: true, sha256: null, chunkSha256: null });
  expect(firstSeen).toMatchObject([
    { path: 'weights.bin', bytes: WEIGHTS.bytes, from: new URL(base).host, chunkBytes: CHUNK_BYTES },
  ]);
  expect(firstSeen[0]!.chunkSha256).toHaveLength(5);

  await window.engine.remove(pack.id, never());
  expect(await status()).toMatchObject({ ...absent, firstSeen });
  const error = await failureOf(ensure());
  expect(error.code).toBe('model-corrupt');
  expect(error.details).toMatchObject({ path: 'weights.bin', changed: true });
  expect((await status()).state).toBe('absent');

  await window.engine.ensure({ pack: pack.id, trustChanged: 'weights.bin' }, never());
  expect(await content()).toEqual(await contentWanted({ 'weights.bin': { ...WEIGHTS, seed: 99 } }));
  expect((await status()).firstSeen[0]!.chunkSha256).not.toEqual(firstSeen[0]!.chunkSha256);
});

test('trust is given to the one file that was shown, not to others that changed too', async () => {
  const changed = { request: 1, seed: 99 };
  const files = {
    'a.bin': { ...GRAPH, changedFrom: changed },
    'b.bin': { ...WEIGHTS, changedFrom: changed },
  };
  const { ensure, pack, window } = await bench({ files }, { hashes: 'unknown', files });
  await ensure();
  await window.engine.remove(pack.id, never());
  expect((await failureOf(ensure())).details).toMatchObject({ path: 'a.bin', changed: true });
  const next = await failureOf(window.engine.ensure({ pack: pack.id, trustChanged: 'a.bin' }, never()));
  expect(next.details).toMatchObject({ path: 'b.bin', changed: true });
});

test('a file with a published hash is never said to be a new version', async () => {
  const files = { 'weights.bin': { ...WEIGHTS, changedFrom: { request: 1, seed: 99 } } };
  const { ensure, pack, window } = await bench({ files }, { hashes: 'of-files', files });
  await ensure();
  await window.engine.remove(pack.id, never());
  expect((await failureOf(ensure())).details).toMatchObject({ path: 'weights.bin', changed: false });
});

test('a file without hashes is never made of two: not of two hosts, not of a host and a folder', async () => {
  const honest = { 'weights.bin': WEIGHTS };
  // Cut for good after three chunks.
  const scenario = {
    files: honest,
    cutAfterBytes: 3 * CHUNK_BYTES,
    cuts: 1,
    statuses: [200, ...Array(9).fill(403)],
  };
  const { base, pack, window, status, content } = await bench(scenario, { hashes: 'unknown', files: honest });
  const other = { ...WEIGHTS, seed: 55 };
  const mirror = await serveScenario({ files: { [`${pack.id}/weights.bin`]: other } });
  expect((await failureOf(window.engine.ensure({ pack: pack.id }, never()))).code).toBe('model-missing');
  expect((await status()).storedBytes).toBe(3 * CHUNK_BYTES);

  const handed = (seed: number, bytes = WEIGHTS.bytes) => [
    { path: 'weights.bin', file: new Blob([noiseBytes(WEIGHTS.bytes, seed).subarray(0, bytes)]) },
  ];
  const imported = async (files: ReturnType<typeof handed>) =>
    (await window.engine.importFiles({ pack: pack.id }, files, never())).refused.map(({ reason }) => reason);
  expect(await imported(handed(55))).toEqual(['wrong-content']);
  expect(await imported(handed(WEIGHTS.seed, 150_000))).toEqual(['wrong-size']);
  expect((await status()).storedBytes).toBe(3 * CHUNK_BYTES);

  // The publisher has it no more: the mirror's is begun anew.
  await window.engine.ensure({ pack: pack.id, mirror }, never());
  expect(await content()).toEqual(await contentWanted({ 'weights.bin': other }));
  expect((await status()).firstSeen[0]!.from).toBe(new URL(mirror).host);
  expect((await requestsOf(base)).length).toBeGreaterThan(2);
});

test('a folder continues what a host began when it is the same file', async () => {
  const honest = { 'weights.bin': WEIGHTS };
  const scenario = { files: honest, cutAfterBytes: 3 * CHUNK_BYTES, statuses: [200, 403, 403] };
  const { ensure, pack, window, content } = await bench(scenario, { hashes: 'unknown', files: honest });
  await failureOf(ensure());
  const upload = { path: 'weights.bin', file: new Blob([noiseBytes(WEIGHTS.bytes, WEIGHTS.seed)]) };
  expect(await window.engine.importFiles({ pack: pack.id }, [upload], never())).toMatchObject({
    taken: ['weights.bin'],
    missing: [],
  });
  expect(await content()).toEqual(await contentWanted(honest));
});

test('a file without hashes that changes in the middle of its download is begun anew', async () => {
  const files = {
    'weights.bin': { ...WEIGHTS, etag: '"one"', changedFrom: { request: 1, seed: 99, etag: '"two"' } },
  };
  const scenario = { files, cutAfterBytes: 3 * CHUNK_BYTES };
  const { ensure, content } = await bench(scenario, { hashes: 'unknown', files: { 'weights.bin': WEIGHTS } });
  await ensure();
  expect(await content()).toEqual(await contentWanted({ 'weights.bin': { ...WEIGHTS, seed: 99 } }));
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
