/**
 * The painter on the GPU that Chromium gives, on small networks of random weights (test/twins/sdxl): what a batch saves
 * over single pictures with their loading, how often networks are loaded, how much of the time is not theirs, and how far
 * the pictures are from those of diffusers' own pipeline. Cards differ too much for milliseconds: ratios, all in one run.
 * `npm run -s bench -- sdxl large`: only that distance, at 640×512 px; on a processor that imitates
 * a GPU it takes over twenty minutes.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright';
import { chromiumLaunch } from '../chromium.mjs';
import { root } from '../setup.mjs';
import { rounded } from './numbers.mjs';
import { serveSources } from './sources.mjs';

const BATCH = 4;
/**
 * Of test/golden/sdxl.json: both UNets, strengths 0.6, 0.9999 and 1, with and without guidance, two seeds, a wide picture,
 * every scheduler, a refiner by latents with and without the mask, and by the picture.
 */
const CASES = [1, 6, 10, 12, 15, 21, 24, 25, 26, 27, 28];

/** @returns {Promise<object>} */
export async function bench() {
  const vite = await serveSources();
  const browser = await chromium.launch(chromiumLaunch());
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(`${vite.url}tools/bench/sdxl/page.html`);
    await page.waitForFunction(() => window.bench);
    const ask = (verb, order) => page.evaluate(([v, o]) => window.bench(v, o), [verb, order]);
    await ask('warmUp', {});
    if (process.argv[3] === 'large') return { max_abs_error_vs_diffusers: await differences(ask) };
    const seeds = Array.from({ length: BATCH }, (_, i) => i + 1);
    const single = [];
    // Before and after, so that a machine that slows down or speeds up meets both.
    for (const seed of seeds.slice(0, 2)) single.push((await ask('paint', { seeds: [seed] })).answer);
    const batch = (await ask('paint', { seeds })).answer;
    for (const seed of seeds.slice(2)) single.push((await ask('paint', { seeds: [seed] })).answer);
    for (const [name, { ms, timesMs }] of [['batch', batch], ...single.map((one) => ['single', one])]) {
      tell(
        `${name}: ${rounded(ms / 1000)} s, of it loading ${rounded(timesMs.loading / 1000)}, in networks ${rounded(timesMs.networks / 1000)}`,
      );
    }
    const alone = single.reduce((sum, { ms }) => sum + ms, 0);
    const { total, networks, loading } = batch.timesMs;
    return {
      batch4_vs_4x1: rounded(batch.ms / alone),
      loads_per_submodel_max: Math.max(...Object.values(batch.loads)),
      outside_run_share: Number(((total - networks - loading) / total).toFixed(4)),
      max_abs_error_vs_diffusers: await differences(ask, CASES),
    };
  } finally {
    await browser.close();
    await vite.close();
  }
}

/** Null without CLIP's vocabulary, which is not in the repository. */
async function differences(ask, indices) {
  const clip = resolve(root, '../shared/models/clip');
  if (!existsSync(clip)) {
    tell('The comparison with diffusers needs ../shared/models/clip: left out.');
    return null;
  }
  const words = {
    vocabulary: JSON.parse(readFileSync(join(clip, 'vocab.json'), 'utf8')),
    merges: readFileSync(join(clip, 'merges.txt'), 'utf8'),
  };
  const { ms, answer } = await ask('differences', { words, indices });
  tell(
    `against diffusers: ${answer.map((value) => value.toExponential(1)).join(', ')} (${rounded(ms / 1000)} s)`,
  );
  return Number(Math.max(...answer).toExponential(2));
}

function tell(sentence) {
  console.error(sentence);
}
