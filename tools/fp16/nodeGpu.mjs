/** WebGPU under Node: npm's `webgpu` (Dawn), kept out of the app's dependencies, in `.cache`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { refuse, root, run } from '../setup.mjs';

const VERSION = '0.6.2';
const home = join(root, '.cache/fp16');
const folder = join(home, 'node_modules/webgpu');

/** Installs it when it is not there, and gives this process a `navigator.gpu` as a worker has it. */
export async function installGpu() {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest) || JSON.parse(readFileSync(manifest, 'utf8')).version !== VERSION) {
    const quiet = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const status = run('npm', ['install', '--prefix', home, ...quiet, `webgpu@${VERSION}`]);
    if (status) refuse(`webgpu ${VERSION} could not be installed; see the message above.`);
  }
  const { create, globals } = await import(pathToFileURL(join(folder, 'index.js')).href);
  Object.assign(globalThis, globals);
  // Node 20 has no navigator.
  globalThis.navigator ??= {};
  Object.defineProperty(globalThis.navigator, 'gpu', { value: create([]) });
  copySharedMemory();
}

/** onnxruntime-web writes from the memory that its threads share; browsers take that, Dawn's binding does not. */
function copySharedMemory() {
  const { writeBuffer } = GPUQueue.prototype;
  GPUQueue.prototype.writeBuffer = function (buffer, offset, data, ...range) {
    const isShared = (data.buffer ?? data) instanceof SharedArrayBuffer;
    return writeBuffer.call(this, buffer, offset, isShared ? copied(data) : data, ...range);
  };
}

function copied(data) {
  return ArrayBuffer.isView(data) ? new data.constructor(data) : new Uint8Array(data).slice().buffer;
}
