/** What a fresh machine needs before anything else runs. Plain Node: it works before `npm ci`. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.mjs';

// Older Node has no `import.meta.dirname`, and is to read the sentence that refuses it.
export const root = resolve(fileURLToPath(import.meta.url), '../..');

/** Of each line of Node that Vite, Vitest and their parts work on, the first that does; all later lines do. */
const LEAST_MINOR = new Map([
  [20, 19],
  [22, 13],
]);
const NEWEST_LINE = 24;

/** What a build is made of. */
const SOURCES = [
  'src',
  'workers',
  'public',
  'tools/offline',
  'index.html',
  'vite.config.ts',
  'package-lock.json',
];

/**
 * Runs a command in the repository root, its output on this terminal.
 * @returns {number} its exit status
 */
export function run(command, args, env = {}) {
  const shell = process.platform === 'win32';
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell,
    env: { ...process.env, ...env },
  });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}

/** Ends the process with one sentence. */
export function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}

export function ensureNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const least = LEAST_MINOR.get(major);
  if (least === undefined ? major < NEWEST_LINE : minor < least) {
    refuse(
      `Open The Eyes needs Node 20.19, 22.13 or 24, or newer ones of these; this is ${process.versions.node}.`,
    );
  }
}

/** Installs the locked dependencies when what is installed is not what the lockfile says. */
export function ensureDependencies() {
  ensureNode();
  if (isInstalled()) return;
  console.log('Installing dependencies …');
  const status = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (status) refuse('The dependencies could not be installed; see the message above.');
}

/** Finds Chromium, or gets Debian's or Playwright's own; only tests, benches and the command line need it. */
export function ensureChromium() {
  if (findChromium()) return;
  const isRootOnDebian = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (isRootOnDebian) {
    console.log('Installing Chromium …');
    const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update', '-qq'], quiet);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet);
  }
  if (findChromium()) return;
  // Ends at once where it is there.
  if (run('npx', ['playwright', 'install', '--no-shell', 'chromium'])) {
    refuse('No Chromium found: install Chromium or Chrome, or set CHROMIUM_PATH to its program file.');
  }
}

/** Builds `dist` when a source is newer than it. */
export function ensureBuild() {
  // What a build writes last.
  const built = join(root, 'dist/service-worker.js');
  if (existsSync(built) && newest(SOURCES.map((name) => join(root, name))) <= statSync(built).mtimeMs) return;
  console.error('Building the app …');
  // The build's own words go to stderr: stdout belongs to the caller's result.
  const { status } = spawnSync(process.execPath, [viteBin(), 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status) refuse('The app could not be built; see the message above.');
}

/**
 * Serves `dist` with the headers of workers/service/headers.ts.
 * @param {number} port wished for; the next free one is taken
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serveBuild(port) {
  const { preview } = await import('vite');
  const server = await preview({ root, logLevel: 'error', preview: { port, strictPort: false } });
  return { url: server.resolvedUrls.local[0], close: () => server.close() };
}

function viteBin() {
  return join(root, 'node_modules/vite/bin/vite.js');
}

/** npm keeps a copy of what it installed beside the packages; optional ones may be left out. */
function isInstalled() {
  const copy = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(copy)) return false;
  const packagesOf = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
  const installed = packagesOf(copy);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(
    ([name, { version, optional }]) =>
      name === '' || installed[name]?.version === version || (optional && !installed[name]),
  );
}

/** Latest change below the paths, ms since 1970; a folder's own time tells of files taken away. */
function newest(paths) {
  return Math.max(
    ...paths.filter(existsSync).map((path) => {
      const stat = statSync(path);
      if (!stat.isDirectory()) return stat.mtimeMs;
      return Math.max(stat.mtimeMs, newest(readdirSync(path).map((name) => join(path, name))));
    }),
  );
}
