/**
 * `npm run -s bench -- sdxl-full FOLDER [SIDE_PX]`: a pack of SDXL's true size, as tools/models/sdxl/full.py or convert.py
 * writes it, from the disk onto the GPU that Chromium gives, and one step of its UNet at 512 px or at another size. Takes its
 * time: on a processor that imitates a GPU a step of 512 px takes about an hour.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from '../setup.mjs';
import { peakRendererMb } from './memory.mjs';
import { rounded } from './numbers.mjs';
import { serveSources } from './sources.mjs';
import { serveFolder } from './store/server.mjs';
import { visitStore, writeCatalog } from './store/visit.mjs';

const GB = 1e9;
const MIB = 1024 * 1024;

const home = join(root, '.cache/bench-sdxl-full');
const profile = join(home, 'profile');

/** @returns {Promise<object>} `renderer_peak_gb` after loading, of the page and its workers; the GPU's memory is not in it */
export async function bench() {
  const [, , , given, sidePx = '512'] = process.argv;
  const folder = resolve(given ?? '');
  if (!given || !existsSync(join(folder, 'pack.json'))) {
    throw new Error('Name a folder with a pack: npm run -s bench -- sdxl-full FOLDER');
  }
  const pack = JSON.parse(readFileSync(join(folder, 'pack.json'), 'utf8'));
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  symlinkSync(folder, join(home, pack.id), 'dir');
  const server = await serveFolder(home);
  writeCatalog(home, [{ ...pack, origin: 'download', baseUrl: `${server.url}${pack.id}/` }]);
  const vite = await serveSources();
  try {
    const ensureMs = await visitStore(profile, vite.url, server.url, (call) => call('ensure', pack.id));
    tell(`stored and checked in ${seconds(ensureMs)} s`);
    // A renderer of its own: the download is not to count.
    return await visitStore(profile, vite.url, server.url, async (call) => {
      const loadMs = await call('loadUnet', { pack: pack.id, sidePx: Number(sidePx) });
      const peakMb = peakRendererMb();
      tell(`loaded in ${seconds(loadMs)} s, renderer ${peakMb.toFixed(0)} MB`);
      const { ms, spread } = await call('step');
      tell(`one step at ${sidePx} px in ${seconds(ms)} s, spread ${spread}`);
      if (!Number.isFinite(spread)) throw new Error('the step gave no numbers');
      return {
        pack_gb: rounded(pack.files.reduce((sum, { bytes }) => sum + bytes, 0) / GB),
        load_s: seconds(loadMs),
        renderer_peak_gb: rounded((peakMb * MIB) / GB),
        side_px: Number(sidePx),
        step_s: seconds(ms),
        renderer_peak_gb_after_step: rounded((peakRendererMb() * MIB) / GB),
      };
    });
  } finally {
    await vite.close();
    await server.close();
    rmSync(home, { recursive: true, force: true });
  }
}

function seconds(ms) {
  return rounded(ms / 1000);
}

function tell(words) {
  console.error(words);
}
