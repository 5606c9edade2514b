/**
 * The model store with a pack of 2 GiB on a real disk: a verified download against the bare steps, opening, loading
 * onto the GPU with the memory it takes, and what a line that breaks or a tab that closes costs.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.mjs';
import { peakRendererMb } from './memory.mjs';
import { median, rounded } from './numbers.mjs';
import { ensurePython, runPython } from './python.mjs';
import { serveSources } from './sources.mjs';
import { serveFolder } from './store/server.mjs';
import { visitStore, writeCatalog } from './store/visit.mjs';

const ROUNDS = 3;
const PACK = 'two-gib';
/** Where the line breaks and the tab closes: within a chunk. */
const BREAK_AT = 0.56;

const home = join(root, '.cache/bench-store');
const profile = join(home, 'profile');

/** @returns {Promise<object>} `verified_vs_fetch`: speed of `ensure` over fetching and storing the same chunks unchecked */
export async function bench() {
  const files = makePack();
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const server = await serveFolder(home);
  writeCatalog(home, [packOf(server.url, files)]);
  const vite = await serveSources();
  const urls = files.map(({ path }) => `${server.url}${PACK}/${path}`);
  rmSync(profile, { recursive: true, force: true });
  try {
    const speeds = [];
    let openMs = 0;
    await inPage(vite.url, server.url, async (call) => {
      for (let i = 0; i < ROUNDS; i += 1) {
        // Turn by turn, so that a busy machine slows all down.
        const fetchMs = await call('fetchOnly', urls);
        const bareMs = await call('fetchAndPut', urls);
        await call('remove', PACK);
        const verifiedMs = await call('ensure', PACK);
        speeds.push({ fetchMs, bareMs, verifiedMs });
        tell(
          `round ${i + 1}: fetched ${speed(totalBytes, fetchMs)}, and stored ${speed(totalBytes, bareMs)}, verified ${speed(totalBytes, verifiedMs)}`,
        );
        const opened = await call('open', PACK);
        if (opened.bytes !== totalBytes) throw new Error(`opened ${opened.bytes} bytes, not ${totalBytes}`);
        openMs = Math.max(openMs, opened.ms);
      }
    });
    // A renderer of its own: the download is not to count.
    const loaded = await inPage(vite.url, server.url, async (call) => {
      const { ms, output } = await call('load', PACK);
      return { ms, output, peakMb: peakRendererMb() };
    });
    tell(
      `loaded in ${loaded.ms.toFixed(0)} ms, renderer ${loaded.peakMb.toFixed(0)} MB, output ${loaded.output}`,
    );
    const afterCut = await refetchedAfterCut(vite.url, server, totalBytes);
    const afterClose = await refetchedAfterClose(vite.url, server, totalBytes);
    tell(`fetched again: after a cut ${afterCut} bytes, after a closed tab ${afterClose} bytes`);
    return {
      verified_vs_fetch: rounded(median(speeds.map(({ bareMs, verifiedMs }) => bareMs / verifiedMs))),
      open_ms: rounded(openMs),
      load_ms_2gb: rounded(loaded.ms),
      renderer_peak_gb: rounded((loaded.peakMb * 1.048576) / 1000),
      refetched_bytes_after_cut: afterCut,
      refetched_bytes_after_closed_tab: afterClose,
      verified_vs_fetch_without_storing: rounded(
        median(speeds.map(({ fetchMs, verifiedMs }) => fetchMs / verifiedMs)),
      ),
    };
  } finally {
    await vite.close();
    await server.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

function makePack() {
  const folder = join(home, PACK);
  const description = join(folder, 'files.json');
  if (!existsSync(description)) {
    ensurePython();
    tell('Making a pack of 2 GiB …');
    runPython('store/pack.py', [folder]);
  }
  return JSON.parse(readFileSync(description, 'utf8'));
}

function packOf(url, files) {
  return {
    id: PACK,
    title: 'Two gibibytes',
    purpose: 'Bench.',
    origin: 'download',
    revision: '1',
    restricted: null,
    licence: { id: 'CC0-1.0', url: 'https://creativecommons.org/publicdomain/zero/1.0/' },
    baseUrl: `${url}${PACK}/`,
    provenance: [],
    files,
    tensors: [],
    gpu: null,
    workingSetBytes: 2 ** 31,
  };
}

const inPage = (viteUrl, serverUrl, work) => visitStore(profile, viteUrl, serverUrl, work);

async function refetchedAfterCut(viteUrl, { url, line }, totalBytes) {
  return await inPage(viteUrl, url, async (call) => {
    await call('remove', PACK);
    Object.assign(line, { sentBytes: 0, cutAtBytes: Math.round(totalBytes * BREAK_AT) });
    await call('ensure', PACK);
    return line.sentBytes - totalBytes;
  });
}

async function refetchedAfterClose(viteUrl, { url, line }, totalBytes) {
  return await inPage(viteUrl, url, async (call, reopen) => {
    await call('remove', PACK);
    line.sentBytes = 0;
    void call('ensure', PACK).catch(() => {});
    while (line.sentBytes < totalBytes * BREAK_AT) await new Promise((resolve) => setTimeout(resolve, 20));
    await reopen();
    tell(`closed after ${line.sentBytes} bytes were sent, ${await call('stored', PACK)} of them were kept`);
    await call('ensure', PACK);
    return line.sentBytes - totalBytes;
  });
}

function speed(bytes, ms) {
  return `${(bytes / 1000 / ms).toFixed(0)} MB/s`;
}

function tell(words) {
  console.error(words);
}
