import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { packageOf } from '../../tools/offline/licences.mjs';
import { AppCache, WrongFileError } from '../../workers/service/appCache';
import type { AppFile } from '../../workers/service/files';

const OWN = 'https://a.example/eyes/';
const TYPES: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript' };

/** As much of a browser's cache as is used. */
function memoryCache() {
  const entries = new Map<string, Response>();
  return {
    entries,
    match: async (key: RequestInfo | URL) => entries.get(String(key))?.clone(),
    put: async (key: RequestInfo | URL, response: Response) => void entries.set(String(key), response),
    keys: async () => [...entries.keys()].map((url) => ({ url }) as Request),
    delete: async (key: RequestInfo | URL) => entries.delete(String(key)),
  };
}

function fileOf(path: string, content: string, revision = 'r1'): AppFile {
  return { path, sha256: createHash('sha256').update(content).digest('hex'), revision };
}

/** A host that serves these; what is missing it answers with its page, as some do. */
function cacheOver(
  files: readonly AppFile[],
  served: Readonly<Record<string, string>>,
  cache = memoryCache(),
) {
  const asked: string[] = [];
  const app = new AppCache({
    files,
    own: OWN,
    open: async () => cache,
    async fetch({ url }) {
      const path = url.slice(OWN.length);
      asked.push(path);
      const isThere = path in served;
      const type = isThere ? TYPES[path.split('.').pop()!]! : 'text/html';
      return new Response(served[path] ?? '<!doctype html>', {
        headers: { 'Content-Type': type, Vary: 'Origin', 'X-Host': 'nginx' },
      });
    },
  });
  return { app, asked, cache };
}

const SERVED = { 'index.html': '<!doctype html><p>1', 'a.js': 'export const a = 1' };
const FILES = Object.entries(SERVED).map(([path, content]) => fileOf(path, content));

test('a full disk keeps nobody from a file that came whole, and lets no version pass for kept', async () => {
  const full = { ...memoryCache(), put: async () => Promise.reject(new Error('no room')) };
  const { app } = cacheOver(FILES, SERVED, full);
  expect(await (await app.get('a.js')).text()).toBe(SERVED['a.js']);
  await expect(app.fill()).rejects.toThrow('no room');
});

test('files are kept with the app’s headers in place of the host’s', async () => {
  const { app, asked, cache } = cacheOver(FILES, SERVED);
  await app.fill();
  expect(asked.sort()).toEqual(['a.js', 'index.html']);
  const kept = await app.get('a.js');
  expect(await kept.text()).toBe('export const a = 1');
  expect(kept.headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp');
  expect(kept.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  expect(kept.headers.get('Content-Type')).toBe('text/javascript');
  expect(kept.headers.get('Vary') ?? kept.headers.get('X-Host')).toBeNull();
  expect(asked).toHaveLength(2);
  expect(cache.entries.size).toBe(2);
});

test('a second version fetches what changed only, and drops the rest when it takes over', async () => {
  const cache = memoryCache();
  await cacheOver(FILES, SERVED, cache).app.fill();
  const served = { ...SERVED, 'a.js': 'export const a = 2' };
  const next = cacheOver([FILES[0]!, fileOf('a.js', served['a.js'], 'r2')], served, cache);
  await next.app.fill();
  expect(next.asked).toEqual(['a.js']);
  // The version before still finds its own.
  expect(cache.entries.size).toBe(3);
  await next.app.tidy();
  expect(cache.entries.size).toBe(2);
  expect(await (await next.app.get('a.js')).text()).toBe('export const a = 2');
});

test.each([
  ['a file of another version', { ...SERVED, 'a.js': 'export const a = 2' }],
  ['a page in place of a file', { 'index.html': SERVED['index.html'] }],
])('%s is not taken', async (_what, served) => {
  const { app, cache } = cacheOver(FILES, served);
  await expect(app.fill()).rejects.toBeInstanceOf(WrongFileError);
  expect([...cache.entries.keys()].filter((key) => key.includes('a.js'))).toEqual([]);
});

test('a file that the browser dropped is fetched again; one that is not wanted waits until it is', async () => {
  const { app, asked, cache } = cacheOver(FILES, SERVED);
  await app.fill((path) => path !== 'a.js');
  expect(asked).toEqual(['index.html']);
  expect(await (await app.get('a.js')).text()).toBe(SERVED['a.js']);
  cache.entries.clear();
  await app.get('index.html');
  expect(asked).toEqual(['index.html', 'a.js', 'index.html']);
});

test('packages of modules', () => {
  expect(packageOf('/x/node_modules/svelte/src/index.js')).toBe('svelte');
  expect(packageOf('/x/node_modules/a/node_modules/@scope/inner/b.js?url')).toBe('@scope/inner');
  expect(packageOf('\0vite/preload-helper.js')).toBe('vite');
  expect(packageOf('/x/src/main.ts')).toBeNull();
});
