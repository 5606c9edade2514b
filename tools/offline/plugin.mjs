/**
 * Vite plugin: what makes the built app work offline and prove its privacy. After the bundle is written it adds the
 * list of licences, `_headers`, and the service worker with a list of everything that is to be kept.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { build } from 'vite';
import {
  COMMON,
  headersOf,
  ISOLATION,
  PAGE_META_POLICY,
  policyOf,
  SERVICE_WORKER_CACHING,
} from '../../workers/service/headers.ts';
import { licencesText, packageOf } from './licences.mjs';

const SERVICE_WORKER = 'service-worker.js';
/** Of the bundle's files of this size and more, the first photo needs one: the runtime for processors. */
const LARGE_BYTES = 1_000_000;
const FIRST_RUNTIME = /\/ort-wasm-simd-threaded-[^/]*\.wasm$/;
/** Where hosts want `_headers` to be. */
const HEADERS_FILE = '_headers';

export function offline() {
  const packages = new Set();
  /** Also a plugin of the workers' own bundles: packages are used there too. */
  const collector = () => ({
    name: 'open-the-eyes:packages',
    moduleParsed({ id }) {
      const name = packageOf(id);
      if (name) packages.add(name);
    },
  });
  let root = '';
  let folder = '';
  const plugin = {
    ...collector(),
    name: 'open-the-eyes:offline',
    // The dev server's own scripts and styles are inline: it has no policy.
    config: () => ({ server: { headers: ISOLATION } }),
    configResolved(config) {
      root = config.root;
      folder = join(config.root, config.build.outDir);
    },
    configurePreviewServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = new URL(request.url, 'http://localhost').pathname.slice(1);
        for (const [name, value] of Object.entries(headersOf(path))) response.setHeader(name, value);
        next();
      });
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { server }) {
        if (server) return [];
        const attrs = { 'http-equiv': 'Content-Security-Policy', content: PAGE_META_POLICY };
        return [{ tag: 'meta', attrs, injectTo: 'head-prepend' }];
      },
    },
    async writeBundle() {
      writeFileSync(join(folder, 'licences.txt'), licencesText(root, [...packages]));
      const files = listFiles(folder);
      writeFileSync(join(folder, HEADERS_FILE), headersFile(files));
      await bundleServiceWorker(root, folder, files);
    },
  };
  return { plugin, collector };
}

/** Every file below the folder, as paths with `/`, in order. */
function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => path !== SERVICE_WORKER && path !== HEADERS_FILE)
    .sort();
}

/**
 * As Netlify, Cloudflare Pages and others read it. They join the values of all rules that match, and two policies
 * mean their intersection: so every file that has one is named.
 */
function headersFile(files) {
  const rule = (path, headers) =>
    [path, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)].join('\n');
  const policies = ['', ...files, SERVICE_WORKER]
    .map((path) => [path, policyOf(path)])
    .filter(([, policy]) => policy)
    .map(([path, policy]) =>
      rule(`/${path}`, {
        'Content-Security-Policy': policy,
        ...(path === SERVICE_WORKER && SERVICE_WORKER_CACHING),
      }),
    );
  return `${[rule('/*', COMMON), ...policies].join('\n')}\n`;
}

async function bundleServiceWorker(root, folder, files) {
  const shipped = shippedFolders(folder);
  const isLater = (path) =>
    path.startsWith('assets/') &&
    !FIRST_RUNTIME.test(path) &&
    statSync(join(folder, path)).size >= LARGE_BYTES;
  const isKept = (path) => !/^(screenshots\/|robots\.txt$)|\.(map|schema\.json)$/.test(path);
  const isForeignModel = (path) =>
    path.startsWith('models/') && path.split('/').length > 2 && !shipped.includes(path.split('/')[1]);
  const kept = files.filter((path) => isKept(path) && !isForeignModel(path));
  const describe = (path) => appFile(folder, path);
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    define: {
      FIRST_FILES: JSON.stringify(kept.filter((path) => !isLater(path)).map(describe)),
      LATER_FILES: JSON.stringify(kept.filter(isLater).map(describe)),
    },
    build: {
      target: 'es2023',
      outDir: folder,
      emptyOutDir: false,
      copyPublicDir: false,
      lib: {
        entry: join(root, 'workers/service.worker.ts'),
        formats: ['iife'],
        name: 'serviceWorker',
        fileName: () => SERVICE_WORKER,
      },
    },
  });
}

function appFile(folder, path) {
  const sha256 = sha256Of(readFileSync(join(folder, path)));
  return { path, sha256, revision: sha256Of(sha256 + JSON.stringify(headersOf(path))).slice(0, 16) };
}

function sha256Of(data) {
  return createHash('sha256').update(data).digest('hex');
}

/** A host may serve packs of gigabytes beside them. */
function shippedFolders(folder) {
  const { packs } = JSON.parse(readFileSync(join(folder, 'models/catalog.json'), 'utf8'));
  return packs.filter(({ origin }) => origin === 'shipped').map(({ id }) => id);
}
