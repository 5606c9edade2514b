/**
 * `npm run -s fp16 -- PYTHON`: SDXL's networks in small, in float16 on this machine's WebGPU adapter, against their float32
 * answers on the CPU; in float32 on the adapter, too, so that what is wrong there is not laid to float16. Some minutes on a
 * software adapter. Not one of the tests: PYTHON is a Python with tools/models/requirements-sdxl.txt, and the adapter must
 * have `shader-f16`. Without a GPU Mesa's llvmpipe does, from version 25 on (Debian 12: `mesa-vulkan-drivers` of
 * bookworm-backports).
 *
 * Words go to stderr; the last line is a JSON object. Differences are shares of the largest value of each output.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installGpu } from './fp16/nodeGpu.mjs';
import { ensureDependencies, refuse, root, run } from './setup.mjs';

/** The adapter's kernels add up in float16: measured on llvmpipe 2.1e-2 and 4.6e-3 at most, by UNets. */
const ALLOWED = {
  float32: { largest: 1e-4, mean: 1e-5 },
  float16: { largest: 5e-2, mean: 1e-2 },
};

const [python] = process.argv.slice(2);
if (!python) refuse('Which Python? npm run -s fp16 -- PYTHON, one with tools/models/requirements-sdxl.txt');
ensureDependencies();
await installGpu();
const { tsImport } = await import('tsx/esm/api');
const { findAdapter, openDevice } = await tsImport('../workers/gpu/device.ts', import.meta.url);
const twins = await tsImport('../test/fakes/sdxlTwin.ts', import.meta.url);
const adapter = await findAdapter();
if (!adapter?.features.has('shader-f16')) {
  refuse(`No adapter with shader-f16: ${adapter ? adapter.info.description : 'there is none at all'}.`);
}
console.error(`On ${adapter.info.description}.`);

const halves = join(root, '.cache/fp16/twins');
rmSync(halves, { recursive: true, force: true });
if (run(python, [join(root, 'tools/fp16/halves.py'), halves])) {
  refuse('The twins were not exported; see the message above.');
}

const { device } = await openDevice(adapter, true);
const gpuErrors = [];
device.addEventListener('uncapturederror', ({ error }) => gpuErrors.push(error.message));
const ort = await import('onnxruntime-web/webgpu');
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

const results = [];
for (const name of twins.sdxlTwinNetworks) {
  const plain = { graph: join(root, `test/twins/sdxl/${name}.onnx`), weights: await plainWeights(name) };
  const half = { graph: join(halves, `${name}.onnx`), weights: halfWeights(name) };
  const expected = await answersOf(name, plain, 'wasm');
  for (const [type, network] of Object.entries({ float32: plain, float16: half })) {
    const found = await answersOf(name, network, { name: 'webgpu', device });
    for (const [output, { data }] of Object.entries(expected)) {
      const result = { network: name, output, type, ...differenceOf(data, found[output].data) };
      console.error(`${name} ${output} ${type}: largest ${result.largest}, mean ${result.mean}`);
      results.push(result);
    }
  }
}
const isRight = gpuErrors.length === 0 && results.every(isAllowed);
console.log(JSON.stringify({ adapter: adapter.info.description, isRight, gpuErrors, results }));
// Dawn keeps the process.
process.exit(isRight ? 0 : 1);

function isAllowed({ type, largest, mean, finite }) {
  return finite && largest <= ALLOWED[type].largest && mean <= ALLOWED[type].mean;
}

function plainWeights(name) {
  const files = twins.sdxlTwinWeights(name).map(async ({ path, data }) => ({
    path,
    data: new Uint8Array(await data.arrayBuffer()),
  }));
  return Promise.all(files);
}

function halfWeights(name) {
  return readdirSync(halves)
    .filter((file) => file.startsWith(`${name}.`) && file.endsWith('.weights'))
    .map((path) => ({ path, data: new Uint8Array(readFileSync(join(halves, path))) }));
}

async function answersOf(name, { graph, weights }, executionProvider) {
  const session = await ort.InferenceSession.create(new Uint8Array(readFileSync(graph)), {
    executionProviders: [executionProvider],
    externalData: weights,
    // Fatal only: what goes wrong is thrown.
    logSeverityLevel: 4,
  });
  const feeds = Object.entries(twins.sdxlTwinFeeds(name)).map(([input, { data, dims }]) => {
    const type = data instanceof Int32Array ? 'int32' : 'float32';
    return [input, new ort.Tensor(type, data, dims)];
  });
  const answers = await session.run(Object.fromEntries(feeds));
  await session.release();
  return answers;
}

function differenceOf(expected, found) {
  const size = Math.max(...expected.map(Math.abs));
  const differences = Array.from(expected, (value, i) => Math.abs(value - found[i]) / size);
  const rounded = (value) => Number(value.toPrecision(3));
  return {
    largest: rounded(Math.max(...differences)),
    mean: rounded(differences.reduce((sum, value) => sum + value, 0) / differences.length),
    finite: found.length === expected.length && found.every(Number.isFinite),
  };
}
