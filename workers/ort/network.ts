/** Networks on onnxruntime-web: on the CPU, or on a GPU device. */
import { AppError } from '../../src/core/errors';
import type { GraphSpec, TensorSpec } from '../../src/core/pack';
import type { GpuDevice } from '../gpu/device';
import { exclusive } from './exclusive';
import { expectFeeds } from './expectFeeds';
import { expectGraph } from './expectGraph';
import {
  type Build,
  type GpuBuild,
  gpuBuild,
  loadRuntime,
  type Runtime,
  type Session,
  type SessionOptions,
  type ValueMetadata,
} from './runtime';
import { arrayTypes, isTensorType, type TensorData, type Tensors } from './tensor';

/** One loaded network. Calls queue behind every other call of this realm. */
export interface Network {
  readonly inputs: readonly TensorSpec[];
  /**
   * @throws RangeError when a feed is missing or does not fit, quoting both shapes.
   * @throws AppError engine-lost when its device is gone.
   */
  run(feeds: Tensors): Promise<Tensors>;
  /** Gives its memory on the GPU back. That of the CPU stays with the worker, for other networks. */
  release(): Promise<void>;
}

export interface NetworkOptions {
  /** None: on the CPU. */
  readonly gpu?: GpuDevice;
  /** Weights outside the model, by the paths it names them. Read while the network is opened, and not after. */
  readonly externalData?: readonly ExternalFile[];
  /** What the catalog says of the graph: another one is refused. */
  readonly spec?: GraphSpec;
  /**
   * Sizes of the named dimensions, for a network whose shapes never change (`{}` when it names none):
   * buffers are kept for exactly these, which takes a quarter less memory.
   */
  readonly fixedSizes?: Readonly<Record<string, number>>;
  /** The GPU build, when it is not to be the browser's better one. */
  readonly build?: GpuBuild;
}

export interface ExternalFile {
  readonly path: string;
  readonly data: Blob;
}

/**
 * How a dimension without name and number looks: onnxruntime-web 1.30 reports -1, read as unsigned; exporters write
 * placeholders, the same one for height and width (InsightFace's det_10g: `?`).
 */
const NAMELESS: ReadonlySet<string | number> = new Set([2 ** 32 - 1, '?', 'None']);
/**
 * What onnxruntime says of a file that is no ONNX, of a graph that makes no sense, of operators it does not know, and of
 * weights that are not all there.
 */
const UNREADABLE = /ERROR_CODE: (7|9|10)\b|Deserialize tensor/;
/** As onnxruntime counts: what goes wrong is thrown. */
const FATAL = 4;
/** Blobs above this cannot be read into one array, in any browser. */
const LARGEST_ARRAY_BYTES = 1.9e9;

/**
 * @param model an ONNX file.
 * @throws AppError model-corrupt when it is no network (`details.reason`) or not the graph of `spec`; engine-lost when
 * the device is gone.
 */
export async function openNetwork(model: Uint8Array | Blob, options: NetworkOptions = {}): Promise<Network> {
  const { gpu, spec, fixedSizes = {} } = options;
  const build = gpu ? (options.build ?? gpuBuild()) : 'wasm';
  const turn = <T>(work: () => Promise<T>): Promise<T> => {
    if (!gpu) return exclusive(work);
    const onDevice = exclusive(() => {
      gpu.throwIfLost();
      return work();
    });
    return gpu.whileItLasts(onDevice);
  };
  const runtime = await loadRuntime(build);
  const session = await turn(async () => {
    const bytes = await bytesOf(model);
    const settings = await sessionOptions(build, options);
    return runtime.InferenceSession.create(bytes, settings).catch((error: unknown) => {
      throw UNREADABLE.test(String(error)) ? unreadable(error) : error;
    });
  });
  const release = () => {
    const released = exclusive(() => session.release());
    // It stands behind the runs, of which one may never end that a lost device left without an answer.
    return gpu ? gpu.untilGone(released) : released;
  };
  const ends = { inputs: session.inputMetadata.map(specOf), outputs: session.outputMetadata.map(specOf) };
  try {
    if (spec) expectGraph(spec, ends, fixedSizes);
  } catch (error) {
    await release();
    throw error;
  }
  return {
    inputs: ends.inputs,
    run: async (feeds) => {
      expectFeeds(ends.inputs, feeds);
      return turn(() => run(runtime, session, feeds));
    },
    release,
  };
}

function unreadable(cause: unknown): AppError {
  const reason = String(cause);
  return new AppError('model-corrupt', `onnxruntime cannot read it: ${reason}`, { reason }, { cause });
}

async function sessionOptions(build: Build, options: NetworkOptions): Promise<SessionOptions> {
  const { gpu, externalData = [], fixedSizes } = options;
  const files = [];
  for (const { path, data } of externalData) {
    // Only the JSPI build reads Blobs as it goes. The others are given bytes: a read that fails inside `create`
    // locks them for good (measured on 1.30).
    files.push({ path, data: build === 'jspi' ? data : await bytesOf(data) });
  }
  return {
    executionProviders: gpu
      ? [{ name: 'webgpu', device: gpu.device, ...(fixedSizes && { storageBufferCacheMode: 'simple' }) }]
      : ['wasm'],
    ...(fixedSizes && { freeDimensionOverrides: fixedSizes }),
    externalData: files,
    logSeverityLevel: FATAL,
  };
}

async function run(runtime: Runtime, session: Session, feeds: Tensors): Promise<Tensors> {
  const given = session.inputMetadata.map((input) => {
    const { data, dims } = feeds[input.name]!;
    // The constructor has an overload for each type; that data and type belong together was checked.
    return [input.name, new runtime.Tensor(specOf(input).type as 'float32', data as Float32Array, dims)];
  });
  const results = await session.run(Object.fromEntries(given));
  return Object.fromEntries(
    Object.entries(results).map(([name, { type, data, dims }]) => [
      name,
      { data: arrayOf(name, type, data), dims },
    ]),
  );
}

/** In browsers that have a Float16Array, onnxruntime-web answers with it. */
function arrayOf(name: string, type: string, data: unknown): TensorData {
  if (!isTensorType(type) || !ArrayBuffer.isView(data)) throw new RangeError(`output ${name} is ${type}`);
  const array = arrayTypes[type];
  if (data instanceof array) return data as TensorData;
  return new array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength / array.BYTES_PER_ELEMENT);
}

function specOf(value: ValueMetadata): TensorSpec {
  const { name } = value;
  if (!value.isTensor) return { name, type: 'no tensor', dims: [] };
  // What has no name need not agree with anything: it gets one of its own.
  const dims = value.shape.map((dim, i) => (NAMELESS.has(dim) ? `${name}?${i}` : dim));
  return { name, type: value.type, dims };
}

async function bytesOf(data: Uint8Array | Blob): Promise<Uint8Array> {
  if (data instanceof Uint8Array) return data;
  if (data.size > LARGEST_ARRAY_BYTES) {
    throw new RangeError(
      `${data.size} bytes do not fit one array (${LARGEST_ARRAY_BYTES}): the file must be split`,
    );
  }
  return new Uint8Array(await data.arrayBuffer());
}
