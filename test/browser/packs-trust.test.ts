/** Files that nobody has published every hash of: what may be believed, and when a person is asked. */
import { afterEach, expect, test } from 'vitest';
import { requestsOf } from '../packs/client';
import { noiseBytes } from '../packs/servedBytes';
import {
  bench,
  CHUNK_BYTES,
  clearAll,
  contentWanted,
  failureOf,
  GRAPH,
  never,
  serveScenario,
  WEIGHTS,
} from './packBench';

afterEach(clearAll);

const absent = { state: 'absent', storedBytes: 0, busy: false };

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
