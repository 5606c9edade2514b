/**
 * The one door to onnxruntime-web. The plain WASM build: on CPU kernels it is 1.5 to 3 times faster than
 * the WebGPU builds and carries the smallest binary. Sessions run one at a time: two concurrent create
 * or run calls break the instance for good (measured on 1.30).
 */

import glueUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import binaryUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';

/** More threads than this do not help networks of this size. */
const MOST_THREADS = 4;
/** Left to the page and the photo worker: threads that wait spin, and on a full machine that costs five times the gain. */
const SPARE_CORES = 1;

export interface FloatTensor {
  readonly data: Float32Array<ArrayBuffer>;
  readonly dims: readonly number[];
}

/** One loaded network. Calls queue behind every other call of this realm. */
export interface Network {
  /** @throws RangeError when a feed is missing or does not fit, quoting both shapes. */
  run(feeds: Readonly<Record<string, FloatTensor>>): Promise<Readonly<Record<string, FloatTensor>>>;
  release(): Promise<void>;
}

let configured = false;
let tail: Promise<unknown> = Promise.resolve();

/** @param model an ONNX file without external data. */
export async function openNetwork(model: Uint8Array): Promise<Network> {
  configure();
  const session = await exclusive(() => InferenceSession.create(model, { executionProviders: ['wasm'] }));
  return {
    run: (feeds) =>
      exclusive(async () => {
        const tensors = Object.fromEntries(
          Object.entries(feeds).map(([name, { data, dims }]) => [name, new Tensor('float32', data, dims)]),
        );
        expectFeeds(session, feeds);
        const results = await session.run(tensors);
        return Object.fromEntries(
          Object.entries(results).map(([name, tensor]) => [name, floats(name, tensor)]),
        );
      }),
    release: () => exclusive(() => session.release()),
  };
}

/** Runs `work` when all earlier work has ended, well or badly. */
function exclusive<T>(work: () => Promise<T>): Promise<T> {
  const turn = tail.then(work);
  tail = turn.catch(() => undefined);
  return turn;
}

function configure(): void {
  if (configured) return;
  configured = true;
  const cores = globalThis.crossOriginIsolated === true ? navigator.hardwareConcurrency : 1;
  env.wasm.numThreads = Math.max(1, Math.min(MOST_THREADS, cores - SPARE_CORES));
  env.logLevel = 'error';
  // Under Node (tests) the package finds its binary beside itself.
  if (!import.meta.env.SSR) env.wasm.wasmPaths = { mjs: glueUrl, wasm: binaryUrl };
}

function expectFeeds(session: InferenceSession, feeds: Readonly<Record<string, FloatTensor>>): void {
  for (const input of session.inputMetadata) {
    const feed = feeds[input.name];
    if (!input.isTensor) throw new RangeError(`input ${input.name} is not a tensor`);
    const wanted = `${input.type} [${input.shape.join(', ')}]`;
    if (!feed) throw new RangeError(`input ${input.name} (${wanted}) was not fed`);
    const fits =
      feed.dims.length === input.shape.length &&
      input.shape.every((dim, i) => typeof dim === 'string' || dim === feed.dims[i]);
    if (!fits || input.type !== 'float32') {
      throw new RangeError(`input ${input.name} wants ${wanted}, got float32 [${feed.dims.join(', ')}]`);
    }
  }
}

function floats(name: string, tensor: Tensor): FloatTensor {
  if (!(tensor.data instanceof Float32Array))
    throw new RangeError(`output ${name} is ${tensor.type}, not float32`);
  return { data: tensor.data as Float32Array<ArrayBuffer>, dims: tensor.dims };
}
