/**
 * The one door to onnxruntime-web. Three builds, each loaded when it is first asked for: a worker gets only the one
 * it uses, from the app's own origin. As files, not bundled: every worker's bundle would carry them again, and their
 * threads start from the same file.
 */

import jspiScript from 'onnxruntime-web/jspi?url';
import asyncifyBinary from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import jspiBinary from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import wasmBinary from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import wasmScript from 'onnxruntime-web/wasm?url';
import asyncifyScript from 'onnxruntime-web/webgpu?url';
import { dependencies } from '../../package.json';
import { AppError } from '../../src/core/errors';

export type Runtime = typeof import('onnxruntime-web');
export type Session = import('onnxruntime-web').InferenceSession;
export type ValueMetadata = import('onnxruntime-web').InferenceSession.ValueMetadata;
export type SessionOptions = import('onnxruntime-web').InferenceSession.SessionOptions;

/**
 * `wasm`: CPU kernels only, 1.5 to 3 times faster than those of the other builds, and the smallest binary.
 * `jspi`: WebGPU; reads Blobs of weights tensor by tensor. `asyncify`: WebGPU where the browser has no
 * `WebAssembly.Suspending`; each file of weights must be in memory whole.
 */
export type Build = 'wasm' | GpuBuild;
export type GpuBuild = 'jspi' | 'asyncify';

export const RUNTIME_VERSION: string = dependencies['onnxruntime-web'];

const files: Readonly<Record<Build, { readonly script: string; readonly binary: string }>> = {
  wasm: { script: wasmScript, binary: wasmBinary },
  jspi: { script: jspiScript, binary: jspiBinary },
  asyncify: { script: asyncifyScript, binary: asyncifyBinary },
};

/** More threads than this do not help networks of this size. */
const MOST_THREADS = 4;
/** Left to the page and the photo worker: threads that wait spin, and on a full machine that costs five times the gain. */
const SPARE_CORES = 1;

let spareCores = SPARE_CORES;

/** For a worker whose page only waits meanwhile. Before its runtime is loaded. */
export function useEveryCore(): void {
  spareCores = 0;
}

const loaded = new Map<Build, Promise<Runtime>>();

/** The better of the two for this browser. */
export function gpuBuild(): GpuBuild {
  return 'Suspending' in WebAssembly ? 'jspi' : 'asyncify';
}

/** @throws AppError engine-lost when it cannot be fetched. */
export function loadRuntime(build: Build): Promise<Runtime> {
  const loading = loaded.get(build) ?? load(build);
  loaded.set(build, loading);
  return loading;
}

async function load(build: Build): Promise<Runtime> {
  // Under Node (tests) there is one build, which finds its binary beside itself.
  if (import.meta.env.SSR) return configured(await import('onnxruntime-web/wasm'), build);
  const { script, binary } = files[build];
  const runtime: Runtime = await import(/* @vite-ignore */ script).catch((cause: unknown) => {
    const reason = String(cause);
    throw new AppError('engine-lost', `onnxruntime-web did not load: ${reason}`, { reason }, { cause });
  });
  runtime.env.wasm.wasmPaths = { wasm: binary };
  return configured(runtime, build);
}

function configured(runtime: Runtime, build: Build): Runtime {
  const { env } = runtime;
  // What a GPU network leaves to the CPU is small.
  env.wasm.numThreads = build === 'wasm' ? threads() : 1;
  // What goes wrong is thrown.
  env.logLevel = 'fatal';
  return runtime;
}

function threads(): number {
  const cores = globalThis.crossOriginIsolated === true ? navigator.hardwareConcurrency : 1;
  return Math.max(1, Math.min(MOST_THREADS, cores - spareCores));
}
