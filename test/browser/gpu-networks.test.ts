/** Networks on this browser's WebGPU adapter (in tests mostly one that computes on the CPU). */
import { afterEach, beforeAll, expect, test } from 'vitest';
import { MIB_BYTES } from '../../src/core/units';
import { findAdapter, type GpuDevice, openDevice } from '../../workers/gpu/device';
import { openNetwork } from '../../workers/ort/network';
import { asFloats, type Tensors } from '../../workers/ort/tensor';
import { shardsFeeds, shardsModel, shardsWeights, WEIGHTS_BYTES } from './gpuShards';

const heaps: WebAssembly.Memory[] = [];
const devices: GpuDevice[] = [];
let liveBytes = 0;
let model: Uint8Array;
let externalData: ReturnType<typeof shardsWeights>;
let expected: Tensors;

/** Counts what is on the GPU, and keeps every heap that a runtime makes. */
function watchMemory(): void {
  const { createBuffer } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    liveBytes += buffer.size;
    const { destroy } = buffer;
    let destroyed = false;
    buffer.destroy = () => {
      if (!destroyed) liveBytes -= buffer.size;
      destroyed = true;
      destroy.call(buffer);
    };
    return buffer;
  };
  WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
    construct(Memory, [descriptor]: [WebAssembly.MemoryDescriptor]) {
      const memory = new Memory(descriptor);
      heaps.push(memory);
      return memory;
    },
  });
}

async function freshDevice(): Promise<GpuDevice> {
  // Without subgroups: with them the software adapter computes attention wrongly.
  const device = await openDevice((await findAdapter())!, false);
  devices.push(device);
  return device;
}

function largestDifference(a: Tensors, b: Tensors): number {
  const [{ y: left }, { y: right }] = [asFloats(a), asFloats(b)];
  return left!.data.reduce((most, value, i) => Math.max(most, Math.abs(value - right!.data[i]!)), 0);
}

beforeAll(async () => {
  watchMemory();
  model = await shardsModel();
  externalData = shardsWeights();
  const onCpu = await openNetwork(model, { externalData });
  expected = await onCpu.run(shardsFeeds());
  await onCpu.release();
  heaps.length = 0;
});

afterEach(() => {
  for (const device of devices.splice(0)) device.destroy();
});

test.each(['jspi', 'asyncify'] as const)('weights of several Blobs, as on the CPU: %s', async (build) => {
  const gpu = await freshDevice();
  const before = liveBytes;
  const network = await openNetwork(model, { gpu, externalData, build });
  expect(liveBytes - before).toBeGreaterThanOrEqual(WEIGHTS_BYTES);
  const found = await network.run(shardsFeeds());
  expect(found['y']!.dims).toEqual([2, 1024]);
  expect(largestDifference(found, expected)).toBeLessThan(1e-4);
  await network.release();
  expect(liveBytes).toBe(before);
  // The heap never shrinks: what had been in it would show.
  expect(heaps.length).toBeGreaterThan(0);
  for (const heap of heaps) expect(heap.buffer.byteLength).toBeLessThan(20 * MIB_BYTES);
});

test('calls at the same time queue, opening too', async () => {
  const gpu = await freshDevice();
  const fixed = { gpu, externalData, fixedSizes: { batch: 2 } };
  const [one, two] = await Promise.all([
    openNetwork(model, fixed),
    openNetwork(model, { gpu, externalData }),
  ]);
  const runs = await Promise.all([one.run(shardsFeeds()), two.run(shardsFeeds(4)), one.run(shardsFeeds())]);
  expect(largestDifference(runs[0], expected)).toBeLessThan(1e-4);
  expect(largestDifference(runs[1], expected)).toBeGreaterThan(0.1);
  expect(largestDifference(runs[2], expected)).toBeLessThan(1e-4);
  await Promise.all([one.release(), two.release()]);
});

test('what does not fit is refused, and the network works on', async () => {
  const gpu = await freshDevice();
  const network = await openNetwork(new Blob([model as Uint8Array<ArrayBuffer>]), { gpu, externalData });
  const { x, steps } = shardsFeeds();
  const long = { x: { ...x!, dims: [1, 2048] }, steps: steps! };
  await expect(network.run(long)).rejects.toThrow('wants float32 [batch, 1024], got float32 [1, 2048]');
  const uneven = { x: x!, steps: { data: BigInt64Array.from([1n]), dims: [1, 1] } };
  await expect(network.run(uneven)).rejects.toThrow('got int64 [1, 1], but batch is 2 in input x');
  const half = openNetwork(model, { gpu, externalData: externalData.slice(0, 1) });
  await expect(half).rejects.toThrow('second.weights');
  expect(largestDifference(await network.run(shardsFeeds()), expected)).toBeLessThan(1e-4);
  await network.release();
});

test('a GPU that has no memory left is lost, and says why', async () => {
  const gpu = await freshDevice();
  const network = await openNetwork(model, { gpu, externalData });
  const error = new GPUOutOfMemoryError('as the browser tells it');
  gpu.device.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error }));
  await expect(network.run(shardsFeeds())).rejects.toMatchObject({
    code: 'engine-lost',
    details: { reason: 'out-of-memory' },
  });
  await network.release();
});

test('a lost device is engine-lost for what runs, waits or comes later; a fresh one works', async () => {
  const gpu = await freshDevice();
  const network = await openNetwork(model, { gpu, externalData });
  const calls = [
    network.run(shardsFeeds()),
    network.run(shardsFeeds()),
    openNetwork(model, { gpu, externalData }),
  ];
  setTimeout(() => gpu.destroy(), 5);
  const lost = { status: 'rejected', reason: { code: 'engine-lost', details: { reason: 'destroyed' } } };
  expect(await Promise.allSettled(calls)).toMatchObject([lost, lost, lost]);
  await expect(network.run(shardsFeeds())).rejects.toMatchObject({ code: 'engine-lost' });
  await network.release();
  const next = await openNetwork(model, { gpu: await freshDevice(), externalData });
  expect(largestDifference(await next.run(shardsFeeds()), expected)).toBeLessThan(1e-4);
  await next.release();
});
