/**
 * The unmodified WebLLM on a stand-in for a compiled model (skipped without ../shared/webllm-standin): what is asked of
 * the network, what lies on the disk, and what comes out, whatever the line and the disk did.
 */
import { afterEach, expect, test } from 'vitest';
import type { LanguageNews } from '../../src/core/wording';
import { readAnswer } from '../../src/pipeline/language/question';
import {
  clearAll,
  languageBench,
  onShelf,
  PATHS,
  QUESTION,
  REPLY,
  SHARDS,
  shardPath,
  spoil,
} from './languageBench';
import { NOT_HERE } from './sharedPhoto';

afterEach(clearAll);

const { signal: never } = new AbortController();
const shards = Array.from({ length: SHARDS }, (_, i) => shardPath(i));

test('the first question fetches each file once, in order; the answer is JSON of the schema', async ({
  skip,
}) => {
  const bench = await languageBench();
  if (!bench) return skip(NOT_HERE);
  const news: LanguageNews[] = [];
  const { engine } = await bench.open(`${REPLY} And that is all.`);
  const { text, model } = await engine.answer(QUESTION, bench.wish, never, (n) => news.push(n));
  expect(text).toBe(REPLY);
  expect(readAnswer(text)).toHaveLength(2);
  expect(model).toMatch(/^\d+$/);
  expect(await bench.asked()).toEqual(PATHS);
  expect(await onShelf(bench)).toEqual({
    'webllm/config': [`${PATHS[0]} ${bench.scenario.texts![PATHS[0]!]!.length}`],
    'webllm/model': [
      ...shards.map((path) => `${path} 16384`),
      `${PATHS[1]} object`,
      `${PATHS[2]} ${bench.scenario.texts![PATHS[2]!]!.length}`,
    ],
    'webllm/wasm': [`library.wasm ${atob(bench.scenario.binaries!['library.wasm']!).length}`],
  });
  const phases = [...new Set(news.map(({ phase }) => phase))];
  expect(phases).toEqual(['checking', 'fetching', 'loading', 'writing']);
  const heard = await engine.heard();
  expect(heard.prompt).toContain(QUESTION.system);
  expect(heard.prompt).toContain(`U: ${QUESTION.user}`);
  expect(new Set(heard.temperatures.map((t) => t.toFixed(2)))).toEqual(new Set(['0.85']));
  // The grammar was asked for every character, and ended the answer where the JSON ends.
  expect(heard.masked).toBeGreaterThanOrEqual(REPLY.length);
});

test('the seed decides what is drawn', async ({ skip }) => {
  const bench = await languageBench();
  if (!bench) return skip(NOT_HERE);
  const { engine } = await bench.open();
  const drawn = async (seed: number) => {
    await engine.answer({ ...QUESTION, seed }, bench.wish, never);
    return (await engine.heard()).draws;
  };
  const first = await drawn(3);
  expect(new Set(first).size).toBeGreaterThan(50);
  expect(await drawn(3)).toEqual(first);
  expect(await drawn(4)).not.toEqual(first);
});

test('a reply that is no JSON cannot be said: the grammar makes it one', async ({ skip }) => {
  const bench = await languageBench();
  if (!bench) return skip(NOT_HERE);
  const { engine } = await bench.open(`${REPLY.slice(0, 20)}\n\n]]${REPLY.slice(20)}`);
  const { text } = await engine.answer({ ...QUESTION, mostTokens: 600 }, bench.wish, never);
  expect(text).not.toContain(']]{');
  expect(text.startsWith('{"variations":')).toBe(true);
});

test('a second window asks nothing of the network, and works without one', async ({ skip }) => {
  const bench = await languageBench();
  if (!bench) return skip(NOT_HERE);
  await bench.answer();
  await bench.asked();
  await bench.behave({ files: {}, texts: {}, binaries: {} });
  expect(await bench.answer()).toBe(REPLY);
  expect(await bench.asked()).toEqual([]);
  const { engine } = await bench.open();
  expect(await engine.speakers({ webllm: bench.wish }, never)).toContainEqual(
    expect.objectContaining({ speaker: 'webllm', state: 'ready', bytes: 0 }),
  );
});

test('a library on localhost, which WebLLM would fetch anew each time, is fetched once', async ({ skip }) => {
  const bench = await languageBench();
  if (!bench) return skip(NOT_HERE);
  const wish = { ...bench.wish, library: bench.wish.library.replace('127.0.0.1', 'localhost') };
  for (const asked of [PATHS, []]) {
    const { engine, stop } = await bench.open();
    expect((await engine.answer(QUESTION, wish, never)).text).toBe(REPLY);
    stop();
    expect(await bench.asked()).toEqual(asked);
  }
});

test('a busy server is asked again; one that stays broken is told, and the rest is fetched later', async ({
  skip,
}) => {
  const bench = await languageBench({ statuses: [503] });
  if (!bench) return skip(NOT_HERE);
  expect(await bench.answer()).toBe(REPLY);
  expect((await bench.asked()).filter((path) => path === shardPath(4))).toHaveLength(2);
  await clearAll();

  const other = (await languageBench({ files: onlyFirst(5) }))!;
  await expect(other.answer()).rejects.toMatchObject({
    code: 'model-missing',
    details: { path: 'params_shard_5.bin' },
  });
  await other.asked();
  const { engine } = await other.open();
  expect(await engine.speakers({ webllm: other.wish }, never)).toContainEqual(
    expect.objectContaining({ speaker: 'webllm', state: 'after-download', bytes: 4 * 16384 }),
  );
  await other.behave({});
  expect(await other.answer()).toBe(REPLY);
  expect(await other.asked()).toEqual(shards.slice(5));
});

test('what a careless library left on the disk is seen, purged, and fetched again', async ({ skip }) => {
  const bench = await languageBench();
  if (!bench) return skip(NOT_HERE);
  await bench.answer();
  await bench.asked();
  const page = new TextEncoder().encode('<!doctype html><title>Sign in</title>').buffer;
  const [settings, list, tokenizer] = PATHS.map(bench.urlOf);
  await spoil('webllm/config', settings!, page);
  await spoil('webllm/model', list!, page);
  await spoil('webllm/model', tokenizer!, page);
  await spoil('webllm/wasm', bench.wish.library, page);
  await spoil('webllm/model', bench.urlOf(shardPath(2)), new ArrayBuffer(1000));
  await spoil('webllm/model', bench.urlOf(shardPath(3)), new ArrayBuffer(16384));
  await spoil('webllm/model', bench.urlOf(shardPath(4)), null);
  await spoil('webllm/model', bench.urlOf(shardPath(5)), page);
  expect(await bench.answer()).toBe(REPLY);
  expect(await bench.asked()).toEqual([...PATHS.slice(0, 4), ...shards.slice(2, 6)]);
  expect(await bench.answer()).toBe(REPLY);
  expect(await bench.asked()).toEqual([]);
});

test.each([
  ['a web page that says so', { page: 'told' }, 'model-missing'],
  ['a web page that does not', { page: 'disguised' }, 'model-corrupt'],
] as const)('%s in place of a shard is not kept', async (_name, change, code) => {
  const bench = await languageBench(change);
  if (!bench) return;
  await expect(bench.answer()).rejects.toMatchObject({ code, details: { path: 'params_shard_0.bin' } });
  expect((await onShelf(bench))['webllm/model']).not.toContainEqual(expect.stringContaining('shard'));
  await bench.behave({});
  expect(await bench.answer()).toBe(REPLY);
});

test.each(PATHS.slice(0, 4))('%s that is not what it should be is refused by name', async (path) => {
  const bench = await languageBench();
  if (!bench) return;
  const wrong = '{"tokenizer_files":["other"],"records":[],"model":null}';
  const { texts, binaries } = bench.scenario;
  await bench.behave(
    path.endsWith('.wasm')
      ? { binaries: { ...binaries, [path]: btoa('<!doctype html>') } }
      : { texts: { ...texts, [path]: wrong } },
  );
  await expect(bench.answer()).rejects.toMatchObject({
    code: 'model-corrupt',
    details: { path: path.split('/').at(-1)! },
  });
});

test('a shard with a wrong byte is refused; when the model was published anew its list is fetched again', async ({
  skip,
}) => {
  const bench = await languageBench();
  if (!bench) return skip(NOT_HERE);
  await bench.behave({ files: flipped(6) });
  await expect(bench.answer()).rejects.toMatchObject({
    code: 'model-corrupt',
    details: { path: 'params_shard_6.bin' },
  });
  await bench.asked();
  await bench.behave({});
  expect(await bench.answer()).toBe(REPLY);
  expect(await bench.asked()).toEqual([PATHS[1], ...shards.slice(6)]);
});

test('a model that was made with a sliding window has one that is as long as the question and its answer', async ({
  skip,
}) => {
  const bench = await languageBench();
  if (!bench) return skip(NOT_HERE);
  const { texts } = bench.scenario;
  const settings = { ...JSON.parse(texts![PATHS[0]!]!), context_window_size: -1, sliding_window_size: 512 };
  await bench.behave({ texts: { ...texts, [PATHS[0]!]: JSON.stringify(settings) } });
  expect(await bench.answer()).toBe(REPLY);
});

test('a cancel while it is fetched keeps the shards that are whole', async ({ skip }) => {
  const bench = await languageBench({ bytesPerSecond: 80_000 });
  if (!bench) return skip(NOT_HERE);
  const cancel = new AbortController();
  const report = ({ phase, done }: LanguageNews) => {
    if (phase === 'checking' && done! > 0.2) cancel.abort();
  };
  await expect(bench.answer(cancel.signal, report)).rejects.toMatchObject({ name: 'AbortError' });
  const kept = (await onShelf(bench))['webllm/model']!.filter((row) => row.includes('shard'));
  expect(kept.length).toBeGreaterThanOrEqual(2);
  expect(kept.length).toBeLessThan(SHARDS);
  await bench.asked();
  await bench.behave({});
  expect(await bench.answer()).toBe(REPLY);
  expect(await bench.asked()).toEqual(shards.slice(kept.length));
});

test('a cancel while it is loaded is heard, what comes of it is unloaded, and the next question is answered', async ({
  skip,
}) => {
  const bench = await languageBench();
  if (!bench) return skip(NOT_HERE);
  const { engine } = await bench.open();
  const cancel = new AbortController();
  const report = ({ phase }: LanguageNews) => {
    if (phase === 'loading') cancel.abort();
  };
  await expect(engine.answer(QUESTION, bench.wish, cancel.signal, report)).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect((await engine.answer(QUESTION, bench.wish, never)).text).toBe(REPLY);
  await expect.poll(async () => (await engine.heard()).devices).toEqual({ made: 2, destroyed: 2 });
});

test('a cancel while it writes stops it, and the next question is answered', async ({ skip }) => {
  const bench = await languageBench();
  if (!bench) return skip(NOT_HERE);
  const { engine } = await bench.open(REPLY, 50);
  const cancel = new AbortController();
  const startMs = performance.now();
  const report = ({ phase }: LanguageNews) => {
    if (phase === 'writing') setTimeout(() => cancel.abort(), 300);
  };
  await expect(engine.answer(QUESTION, bench.wish, cancel.signal, report)).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect(performance.now() - startMs).toBeLessThan((1000 * REPLY.length) / 50);
  await engine.say(REPLY, Number.POSITIVE_INFINITY);
  expect((await engine.answer(QUESTION, bench.wish, never)).text).toBe(REPLY);
});

test('before an answer is given the model is unloaded and its GPU device destroyed', async ({ skip }) => {
  const bench = await languageBench();
  if (!bench) return skip(NOT_HERE);
  const { engine } = await bench.open();
  await engine.answer(QUESTION, bench.wish, never);
  const { devices } = await engine.heard();
  expect(devices).toEqual({ made: 1, destroyed: 1 });
});

function onlyFirst(count: number) {
  return Object.fromEntries(shards.slice(0, count).map((path, i) => [path, { bytes: 16384, seed: 31 + i }]));
}

function flipped(index: number) {
  return Object.fromEntries(
    shards.map((path, i) => [
      path,
      { bytes: 16384, seed: 31 + i, ...(i === index && { flip: { at: 77, times: 99 } }) },
    ]),
  );
}
