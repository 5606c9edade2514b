/**
 * Restoring a face on the CPU against Python with as many threads, by a network of CodeFormer's true size with random weights
 * (what a network costs is decided by its shape); and how far the app is from CodeFormer's own code, by the network in small.
 * `npm run -s bench -- restore gpu`: one face on the GPU that the browser gives.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { chromiumLaunch } from '../chromium.mjs';
import { callPython, ensurePython } from '../python.mjs';
import { root } from '../setup.mjs';
import { peakRendererMb } from './memory.mjs';
import { median, rounded } from './numbers.mjs';
import { startPython } from './python.mjs';
import { serveSources } from './sources.mjs';

const ROUNDS = 3;
const FOLDER = '.cache/bench-restore/';
const home = join(root, FOLDER);
const photo = join(root, 'public/sample/eileen-collins.jpg');
/** How far sums of all colours may lie apart, of themselves: some codes of random weights hang on the last bit. */
const SAME = 0.01;

/** @returns {Promise<object>} time of the app over time of Python; grey levels between the app and CodeFormer's own code */
export async function bench() {
  const python = ensurePython('codeformer-python', 'tools/models/requirements-codeformer.txt');
  const { graph, weights } = prepare(python);
  const vite = await serveSources();
  const native = startPython('restore.py', ['serve', join(home, graph), home], python);
  const ratios = {};
  const ms = {};
  try {
    const order = {
      graph: `/${FOLDER}${graph}`,
      weights: `/${FOLDER}${weights}`,
      pixels: `/${FOLDER}square.rgba`,
    };
    if (process.argv[3] === 'gpu') return await onGpu(vite.url, order, native);
    for (const threads of [1, 2]) {
      // A browser of its own: memory that is given back would not show.
      const spans = await withPage(vite.url, async (call) => {
        const { firstMs } = await call('open', { threads, ...order });
        const times = { app: [], python: [] };
        for (let round = 0; round < ROUNDS; round += 1) {
          // Turn by turn, so that a busy machine slows both down.
          const app = await call('run', { threads });
          const theirs = await native.ask({ threads });
          expectSame(app.sum, theirs.sum);
          times.app.push(app.ms);
          times.python.push(theirs.ms);
        }
        return { ...times, firstMs, peakMb: peakRendererMb() };
      });
      const [app, theirs] = [median(spans.app), median(spans.python)];
      ratios[`face_vs_native_${threads}t`] = rounded(app / theirs);
      ms[`${threads}t`] = { app: rounded(app), python: rounded(theirs), first: rounded(spans.firstMs) };
      ms[`renderer_peak_mb_${threads}t`] = rounded(spans.peakMb);
      console.error(
        `threads ${threads}: app ${app.toFixed(0)} ms, Python ${theirs.toFixed(0)} ms a face, renderer ${spans.peakMb.toFixed(0)} MB`,
      );
    }
    const differences = await withPage(vite.url, async (call) => {
      await call('open', { threads: 1, ...order });
      return await call('differences', { threads: 1 });
    });
    return {
      ...ratios,
      max_grey_diff: Math.max(...differences.map(({ largest }) => largest)),
      mean_grey_diff: rounded(Math.max(...differences.map(({ mean }) => mean))),
      ms,
    };
  } finally {
    native.close();
    await vite.close();
  }
}

/** One face on the GPU that the browser gives, by hand: where a processor imitates it, this takes long. */
async function onGpu(url, order, native) {
  return await withPage(url, async (call) => {
    const { firstMs } = await call('open', { threads: 1, onGpu: true, ...order });
    console.error(`opened, and one face, in ${firstMs.toFixed(0)} ms`);
    const { ms, sum } = await call('run', { threads: 1 });
    const theirs = await native.ask({ threads: 1 });
    expectSame(sum, theirs.sum);
    return {
      gpu_face_ms: rounded(ms),
      gpu_first_ms: rounded(firstMs),
      renderer_peak_mb: rounded(peakRendererMb()),
    };
  });
}

async function withPage(url, work) {
  const browser = await chromium.launch(chromiumLaunch());
  try {
    const page = await browser.newPage();
    await page.goto(`${url}tools/bench/restore/page.html`);
    await page.waitForFunction(() => window.bench);
    return await work((verb, order) => page.evaluate(([v, o]) => window.bench[v](o), [verb, order]));
  } finally {
    await browser.close();
  }
}

/** @returns names of the network's files */
function prepare(python) {
  mkdirSync(home, { recursive: true });
  if (!existsSync(join(home, 'pack.json')))
    callPython(python, [join(root, 'tools/models/codeformer/full.py'), home]);
  callPython(python, [join(root, 'tools/bench/restore.py'), 'prepare', photo, home]);
  const names = JSON.parse(readFileSync(join(home, 'pack.json'), 'utf8')).files.map(({ path }) => path);
  const find = (end) => names.find((name) => name.endsWith(end));
  return { graph: find('.onnx'), weights: find('.weights') };
}

function expectSame(mine, theirs) {
  const apart = Math.abs(mine / theirs - 1);
  if (!(apart <= SAME)) throw new Error(`the sums of the restored colours are ${mine} and ${theirs}`);
}
