/**
 * The network that the app ships: one face on one WASM thread against onnxruntime in Python, and what its eyes are worth on people
 * it never saw (tools/train/evaluate.py; needs ../shared/faces and PyTorch, of `OPEN_EYES_TRAIN_PYTHON` where that names a Python).
 * `npm run -s bench -- builtin gpu`: the network on the GPU that the browser gives, which the app does not use for it.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright';
import { chromiumLaunch } from '../chromium.mjs';
import { callPython, ensurePython } from '../python.mjs';
import { root } from '../setup.mjs';
import { median, rounded } from './numbers.mjs';
import { startPython } from './python.mjs';
import { serveSources } from './sources.mjs';

const ROUNDS = 25;
const graph = join(root, 'public/models/eyes/open_eyes.onnx');
/** Share of the answer's sum. */
const SAME = 1e-4;
/** Of some 250: minutes, not a quarter of an hour. */
const FACES = 120;
const report = '.cache/bench-builtin';
const NO_FIGURES = {
  judged_open_share: null,
  l1_vs_mean_eye: null,
  l1_vs_pasted: null,
  iris_detail_vs_untouched: null,
};

/** @returns {Promise<object>} megabytes, milliseconds, ratios; null what could not be measured here */
export async function bench() {
  if (process.argv[3] === 'gpu') return await onGpu();
  const times = await timed();
  return { weights_mb: rounded(statSync(graph).size / 1e6), ...times, ...figures() };
}

async function onGpu() {
  return await onPage(async (page) => {
    const { max_difference, ...timesMs } = await page.evaluate(() => window.bench.gpu());
    const times = Object.fromEntries(Object.entries(timesMs).map(([name, ms]) => [name, rounded(ms)]));
    return { ...times, max_difference: Number(max_difference.toExponential(2)) };
  });
}

async function timed() {
  const python = startPython('builtin.py', [graph]);
  return await onPage(async (page) => {
    const spans = { face: [], network: [], native: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      // Turn by turn, so that a busy machine slows both down.
      const app = await page.evaluate(() => window.bench.run());
      const theirs = await python.ask({});
      expectSame(app.sum, theirs.sum);
      spans.face.push(app.faceMs);
      spans.network.push(app.networkMs);
      spans.native.push(theirs.ms);
    }
    for (const [name, values] of Object.entries(spans))
      console.error(
        `${name}: median ${rounded(median(values))} ms, fastest ${rounded(Math.min(...values))} ms`,
      );
    return {
      ms_per_face_wasm_1t: rounded(median(spans.face)),
      vs_native: rounded(median(spans.network) / median(spans.native)),
    };
  }).finally(() => python.close());
}

/** @param work with the page that has the worker, whose network is open */
async function onPage(work) {
  const vite = await serveSources();
  const browser = await chromium.launch(chromiumLaunch());
  try {
    const page = await browser.newPage();
    await page.goto(`${vite.url}tools/bench/builtin/page.html`);
    await page.waitForFunction(() => window.bench);
    await page.evaluate(() => window.bench.open());
    return await work(page);
  } finally {
    await browser.close();
    await vite.close();
  }
}

function expectSame(mine, theirs) {
  if (!(Math.abs(mine / theirs - 1) <= SAME))
    throw new Error(`the sums of the answers are ${mine} and ${theirs}`);
}

/** The last lines of evaluate.py, and of the cache it needs. */
function figures() {
  if (!existsSync(resolve(root, '../shared/faces'))) {
    console.error('No ../shared/faces: what the eyes are worth is not measured.');
    return NO_FIGURES;
  }
  try {
    const python =
      process.env.OPEN_EYES_TRAIN_PYTHON ?? ensurePython('train-python', 'tools/train/requirements.txt');
    const script = (name, ...args) => callPython(python, [join(root, 'tools/train', name), ...args]);
    if (!existsSync(join(root, '.cache/train/table.npz'))) script('dataset.py');
    script('evaluate.py', graph, '--faces', String(FACES), '--out', join(root, report));
  } catch (fault) {
    console.error(`What the eyes are worth is not measured: ${fault.message}`);
    return NO_FIGURES;
  }
  return JSON.parse(readFileSync(join(root, report, 'report.json'), 'utf8')).summary;
}
