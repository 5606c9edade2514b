/**
 * The light road against Python: from the drop to the states, and on to the opened preview, for 2, 12 and
 * 24 MP; what is loaded before a photo; the longest task; memory; and whether size matters after decoding.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright';
import { chromiumLaunch } from '../chromium.mjs';
import { root, serveBuild } from '../setup.mjs';
import { firstLoadKb, stepsAfterDecoding, visit } from './app.mjs';
import { median, rounded } from './numbers.mjs';
import { ensurePython, runPython } from './python.mjs';

const ROUNDS = 5;
const SIZES_MP = [2, 12, 24];
const SMALL_MP = 12;
const LARGE_MP = 48;
const FIRST_PORT = 4373;

const shared = resolve(root, '../shared/photos/wink_01_dark_bg.jpg');
const sample = join(root, 'public/sample/eileen-collins.jpg');

/** @returns the ratios are the worst of the three sizes; "preview" counts from the drop, a person's time left out. */
export async function bench() {
  ensurePython();
  const folder = join(root, '.cache/bench-light');
  mkdirSync(folder, { recursive: true });
  const photo = (megapixels) => join(folder, `${megapixels}mp.jpg`);
  runPython('photos.py', [
    existsSync(shared) ? shared : sample,
    folder,
    ...[...SIZES_MP, LARGE_MP].map(String),
  ]);

  const server = await serveBuild(FIRST_PORT);
  const browser = await chromium.launch(chromiumLaunch());
  try {
    const firstLoad = await firstLoadKb(browser, server.url);
    const sizes = [];
    for (const megapixels of SIZES_MP) {
      const natives = [];
      const visits = [];
      for (let i = 0; i < ROUNDS; i += 1) {
        // Turn by turn, so that a busy machine slows both down.
        natives.push(JSON.parse(runPython('light.py', ['1', photo(megapixels)]))[photo(megapixels)]);
        visits.push(await visit(browser, server.url, sample, photo(megapixels)));
      }
      sizes.push(compared(megapixels, natives, visits));
    }
    const [small, large] = await stepsAfterDecoding(
      browser,
      server.url,
      [photo(SMALL_MP), photo(LARGE_MP)],
      ROUNDS,
    );
    tellSteps(SMALL_MP, small);
    tellSteps(LARGE_MP, large);
    return {
      states_vs_native: worst(sizes.map((size) => size.states)),
      preview_vs_python: worst(sizes.map((size) => size.preview)),
      first_load_js_gz_kb: rounded(firstLoad),
      longest_task_ms: rounded(worst(sizes.map((size) => size.longestTaskMs))),
      peak_renderer_mb: rounded(worst(sizes.map((size) => size.peakMb))),
      mp48_vs_mp12: rounded(median(large.map(afterDecoding)) / median(small.map(afterDecoding))),
    };
  } finally {
    await browser.close();
    await server.close();
  }
}

function compared(megapixels, natives, visits) {
  const middle = (rounds, key) => median(rounds.map((round) => round[key]));
  const states = { app: middle(visits, 'statesMs'), python: middle(natives, 'states_ms') };
  const preview = {
    app: states.app + middle(visits, 'previewMs'),
    python: states.python + middle(natives, 'preview_ms'),
  };
  const longestTaskMs = worst(visits.map((v) => v.longestTaskMs));
  const peakMb = worst(visits.map((v) => v.peakMb));
  console.error(
    `${megapixels} MP: states ${ms(states.app)} (Python ${ms(states.python)}), ` +
      `opened preview ${ms(preview.app)} (Python ${ms(preview.python)}), ` +
      `longest task ${ms(longestTaskMs)}, renderer ${peakMb.toFixed(0)} MB`,
  );
  return {
    states: rounded(states.app / states.python),
    preview: rounded(preview.app / preview.python),
    longestTaskMs,
    peakMb,
  };
}

function afterDecoding({ openMs: _, ...steps }) {
  return Object.values(steps).reduce((sum, step) => sum + step, 0);
}

function tellSteps(megapixels, rounds) {
  const steps = Object.keys(rounds[0]).map((key) => `${key} ${ms(median(rounds.map((r) => r[key])))}`);
  console.error(`${megapixels} MP by steps: ${steps.join(', ')}`);
}

function worst(values) {
  return Math.max(...values);
}

function ms(value) {
  return `${value.toFixed(0)} ms`;
}
