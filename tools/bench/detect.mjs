/**
 * The downloaded face networks on the CPU against Python, with as many threads: SCRFD from a 640-px picture to faces,
 * and the 106 points of four faces. The real ones may not be passed on: networks of their shapes stand for them, and
 * the family's smallest, which is real, is measured where it is at hand.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright';
import { chromiumLaunch } from '../chromium.mjs';
import { root } from '../setup.mjs';
import { median, rounded } from './numbers.mjs';
import { ensurePython, runPython, startPython } from './python.mjs';
import { serveSources } from './sources.mjs';

const ROUNDS = 9;
/** How far the same number may lie apart, px: two builds of onnxruntime do not sum in the same order. */
const SAME_PX = 0.1;

const FOLDER = '.cache/bench-detect/';
const home = join(root, FOLDER);
const shared = resolve(root, '../shared');
const group = join(shared, 'photos/group_02_t1_6faces.jpg');
const sample = join(root, 'public/sample/eileen-collins.jpg');
const smallest = 'scrfd_500m_bnkps.onnx';

const CASES = [
  { name: 'det640', work: 'detect', model: 'det_10g.onnx', threads: 1, times: 1 },
  { name: 'det640', work: 'detect', model: 'det_10g.onnx', threads: 2, times: 1 },
  { name: 'lmk', work: 'landmarks', model: '2d106det.onnx', threads: 1, times: 5 },
  { name: 'det640_500m', work: 'detect', model: smallest, threads: 1, times: 5 },
  { name: 'det640_500m', work: 'detect', model: smallest, threads: 2, times: 5 },
];

/** @returns {Promise<object>} time of the app over time of Python, and the milliseconds of both before, in and behind the network */
export async function bench() {
  ensurePython();
  const pixels = prepare();
  const cases = CASES.filter(({ model }) => existsSync(join(home, model)));
  const vite = await serveSources();
  const browser = await chromium.launch(chromiumLaunch());
  const python = startPython('detect.py', ['serve', home]);
  try {
    const page = await browser.newPage();
    await page.goto(`${vite.url}tools/bench/detect/page.html`);
    await page.waitForFunction(() => window.bench);
    const app = (verb, order) => page.evaluate(([v, o]) => window.bench[v](o), [verb, order]);
    for (const threads of [1, 2]) await app('open', { threads, folder: `/${FOLDER}`, pixels, ...networks() });
    const sides = {
      app: (order) => app('run', { ...order, pack: order.model }),
      python: (order) => python.ask(order),
    };
    const spans = cases.map(() => ({ app: [], python: [] }));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [i, order] of cases.entries()) {
        // Turn by turn, so that a busy machine slows both down.
        const answers = {};
        for (const [side, run] of Object.entries(sides)) {
          answers[side] = await run(order);
          spans[i][side].push(...answers[side].spans);
        }
        if (round === 0) expectSame(order, answers);
      }
    }
    return result(cases, spans);
  } finally {
    python.close();
    await browser.close();
    await vite.close();
  }
}

/** @returns what Python says of the pixels */
function prepare() {
  mkdirSync(home, { recursive: true });
  const pixels = JSON.parse(runPython('detect.py', ['prepare', existsSync(group) ? group : sample, home]));
  const shapes = JSON.parse(runPython('detect_models.py', [home, join(home, 'picture.png')]));
  for (const [name, { gmac, mb }] of Object.entries(shapes)) {
    tell(`${name}: ${gmac.toFixed(2)} GMAC (${(2 * gmac).toFixed(2)} GFLOP), ${mb.toFixed(2)} MB`);
  }
  const real = join(shared, 'models', smallest);
  if (existsSync(real)) copyFileSync(real, join(home, smallest));
  return pixels;
}

/** By the detector's file: the app asks a pack for two networks. */
function networks() {
  const packs = Object.fromEntries(
    CASES.map(({ model }) => [
      model,
      { 'det_10g.onnx': `/${FOLDER}${model}`, '2d106det.onnx': `/${FOLDER}2d106det.onnx` },
    ]),
  );
  const catalog = JSON.parse(readFileSync(join(root, 'public/models/catalog.json'), 'utf8'));
  return { packs, graphs: catalog.packs.find(({ id }) => id === 'buffalo_l').tensors };
}

function expectSame({ model, threads }, answers) {
  const [mine, theirs] = [answers.app.answer, answers.python.answer];
  const apart = Math.max(...theirs.flat().map((value, i) => Math.abs(value - mine.flat()[i])));
  const found = `${model}, threads ${threads}: app ${mine.length}, Python ${theirs.length} faces, at most ${apart.toFixed(5)} px apart`;
  if (mine.length !== theirs.length || !(apart <= SAME_PX)) throw new Error(found);
  tell(found);
}

function result(cases, spans) {
  const ratios = {};
  const ms = {};
  for (const [i, { name, threads }] of cases.entries()) {
    const [app, python] = [spans[i].app, spans[i].python].map(split);
    const ratio = rounded(app.all / python.all);
    ratios[`${name}_vs_native_${threads}t`] = ratio;
    ms[`${name}_${threads}t`] = { app, python };
    tell(`${name}, threads ${threads}: ${ratio}\n  app    ${words(app)}\n  Python ${words(python)}`);
  }
  for (const name of new Set(cases.map((order) => order.name))) {
    const [one, two] = [1, 2].map((threads) => ms[`${name}_${threads}t`]);
    if (!two) continue;
    const gain = (side) => (one[side].fastest / two[side].fastest).toFixed(2);
    tell(
      `${name}: two threads are ${gain('app')} times as fast as one in the app, ${gain('python')} in Python`,
    );
  }
  return { ...ratios, ms };
}

/** Medians of a side's runs in milliseconds, and its fastest run: what other programs took is least in that. */
function split(spans) {
  const sums = spans.map(([before, network, behind]) => before + network + behind);
  return {
    all: rounded(median(sums)),
    before: rounded(median(spans.map(([before]) => before))),
    network: rounded(median(spans.map(([, network]) => network))),
    behind: rounded(median(spans.map(([, , behind]) => behind))),
    fastest: rounded(Math.min(...sums)),
  };
}

function words({ all, before, network, behind, fastest }) {
  return `${all} ms: before the network ${before}, in it ${network}, behind it ${behind}; fastest ${fastest}`;
}

function tell(sentence) {
  console.error(sentence);
}
