/** The self-check on this browser's WebGPU adapter, in its worker and by itself. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { CheckedOperator, GpuCheck } from '../../src/core/gpu';
import { connect } from '../../src/engines/connect';
import { type CheckCases, checkCases } from '../../workers/gpu/cases';
import { findAdapter } from '../../workers/gpu/device';
import { type CheckMemory, createGpu } from '../../workers/gpu/gpu';
import { RUNTIME_VERSION } from '../../workers/ort/runtime';

const never = new AbortController().signal;
const engines = connect();
let computed = 0;

beforeAll(() => {
  const { submit } = GPUQueue.prototype;
  GPUQueue.prototype.submit = function (commands) {
    computed += 1;
    return submit.call(this, commands);
  };
});
afterEach(() => {
  vi.restoreAllMocks();
  computed = 0;
});
afterAll(() => engines.dispose());

function memory(): CheckMemory & { readonly known: Map<string, GpuCheck> } {
  const known = new Map<string, GpuCheck>();
  return {
    known,
    get: async (key) => known.get(key) ?? null,
    put: async (key, check) => void known.set(key, check),
  };
}

/** One quick case; with `wrong` the numbers expected of it are others than the right ones. */
function only(operator: CheckedOperator, wrong = false): CheckCases {
  const one = checkCases.cases.find((each) => each.operator === operator)!;
  const outputs = one.outputs.map((output) => ({
    ...output,
    values: output.values.map((value, i) => (wrong && i === 100 ? value + 1 : value)),
  }));
  return { revision: `${operator} ${wrong}`, cases: [{ ...one, outputs }] };
}

test('the worker tells the facts at once, and after the check what is right and wrong', async () => {
  const { gpu } = engines;
  const before = (await gpu.report([], never)).facts!;
  expect(before).toMatchObject({ check: null });
  expect(before.name).not.toBe('');
  expect(before.bufferBytes).toBeGreaterThanOrEqual(2 ** 27);
  const { facts, summary } = await gpu.check([], never);
  expect(facts).toMatchObject({ ...before, check: { runtime: RUNTIME_VERSION } });
  expect(summary.join(' ')).toContain(before.name);
  // What is known of onnxruntime-web 1.30: 9 channels are wrong everywhere, attention on narrow subgroups.
  expect(facts!.check!.wrong).toEqual(['conv-9']);
  if (before.name.includes('swiftshader')) expect(facts!.check!.subgroups).toBe(false);
  // Another worker knows it from the disk.
  engines.dispose();
  expect((await gpu.report([], never)).facts).toEqual(facts);
});

test('a right device is opened, and the next time without computing anything', async () => {
  const first = memory();
  const device = await createGpu(first, only('matmul-4bit')).open(never);
  expect(computed).toBeGreaterThan(0);
  expect(device.device.features.has('subgroups')).toBe((await findAdapter())!.features.has('subgroups'));
  device.destroy();
  expect([...first.known.values()]).toEqual([{ runtime: RUNTIME_VERSION, subgroups: true, wrong: [] }]);
  computed = 0;
  (await createGpu(first, only('matmul-4bit')).open(never)).destroy();
  expect(computed).toBe(0);
});

test('what was right only without subgroups is opened without them', async () => {
  const known = memory();
  known.get = async () => ({ runtime: RUNTIME_VERSION, subgroups: false, wrong: ['conv-9'] });
  const device = await createGpu(known).open(never);
  expect(device.device.features.has('subgroups')).toBe(false);
  expect(device.device.limits.maxBufferSize).toBe((await findAdapter())!.limits.maxBufferSize);
  device.destroy();
});

test('one wrong number refuses the GPU and names the operator, now and later', async () => {
  const kept = memory();
  const gpu = createGpu(kept, only('matmul-4bit', true));
  const refusal = { code: 'gpu-wrong', details: { operators: 'matmul-4bit' } };
  await expect(gpu.open(never)).rejects.toMatchObject(refusal);
  computed = 0;
  await expect(gpu.open(never)).rejects.toMatchObject(refusal);
  expect(await gpu.facts(never)).toMatchObject({ check: { wrong: ['matmul-4bit'] } });
  expect(computed).toBe(0);
  // A person who asks for a check gets one.
  await gpu.check(never);
  expect(computed).toBeGreaterThan(0);
});

test('a memory that fails costs a check, nothing else', async () => {
  const broken: CheckMemory = {
    get: () => Promise.reject(new Error('no database')),
    put: () => Promise.reject(new Error('no database')),
  };
  expect(await createGpu(broken, only('matmul-4bit')).check(never)).toMatchObject({ check: { wrong: [] } });
});

test('a cancelled check is an AbortError and not remembered', async () => {
  const kept = memory();
  const cancel = new AbortController();
  const check = createGpu(kept, only('matmul-4bit')).check(cancel.signal);
  cancel.abort();
  await expect(check).rejects.toMatchObject({ name: 'AbortError' });
  expect(kept.known.size).toBe(0);
});

test('a device that is lost in its check is engine-lost, and the GPU is not blamed', async () => {
  const kept = memory();
  const { createShaderModule } = GPUDevice.prototype;
  vi.spyOn(GPUDevice.prototype, 'createShaderModule').mockImplementation(function (
    this: GPUDevice,
    descriptor,
  ) {
    this.destroy();
    return createShaderModule.call(this, descriptor);
  });
  await expect(createGpu(kept, only('matmul-4bit')).check(never)).rejects.toMatchObject({
    code: 'engine-lost',
  });
  expect(kept.known.size).toBe(0);
});

test('without an adapter there are no facts, and nothing to open', async () => {
  vi.spyOn(GPU.prototype, 'requestAdapter').mockResolvedValue(null);
  const gpu = createGpu(memory());
  expect(await gpu.facts(never)).toBeNull();
  expect(await gpu.check(never)).toBeNull();
  await expect(gpu.open(never)).rejects.toMatchObject({ code: 'gpu-missing' });
});
