import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseCatalog } from '../../src/models/manifest';
import { noise } from '../../workers/gpu/noise';
import { openNetwork } from '../../workers/ort/network';
import { loadRuntime, RUNTIME_VERSION } from '../../workers/ort/runtime';
import { typesAnswers, typesFeeds } from '../fakes/typesTwin';

const root = resolve(import.meta.dirname, '../..');
const models = resolve(root, 'public/models');
const twin = (name: string) => readFileSync(resolve(root, `test/twins/${name}.onnx`));
const detector = readFileSync(resolve(models, 'faces/yunet_s.onnx'));
const feed = (...dims: number[]) => ({
  data: new Float32Array(dims.reduce((product, n) => product * n, 1)),
  dims,
});

test('calls at the same time queue, and one that fails does not fail the next', async () => {
  const network = await openNetwork(detector);
  const settled = await Promise.allSettled([
    network.run({ input: feed(1, 3, 64, 96) }),
    network.run({ input: feed(1, 4, 64, 96) }),
    // Fits, but the network cannot halve it five times.
    network.run({ input: feed(1, 3, 40, 40) }),
    network.run({ input: feed(1, 3, 32, 32) }),
  ]);
  expect(settled.map((s) => s.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  const [first, second, , last] = settled as PromiseSettledResult<Record<string, { dims: number[] }>>[];
  expect(first).toMatchObject({ value: { cls_8: { dims: [1, 96, 1] }, kps_32: { dims: [1, 6, 10] } } });
  expect(last).toMatchObject({ value: { bbox_16: { dims: [1, 4, 4] } } });
  const { message } = (second as PromiseRejectedResult).reason as Error;
  expect(message).toContain('[1, 3, height, width]');
  expect(message).toContain('[1, 4, 64, 96]');
});

test('a missing feed is named', async () => {
  const network = await openNetwork(detector);
  await expect(network.run({ picture: feed(1, 3, 32, 32) })).rejects.toThrow(/input .*was not fed/);
  await network.release();
});

test('bytes that are no model are refused, and the next model opens', async () => {
  await expect(openNetwork(new Uint8Array([1, 2, 3]))).rejects.toThrow();
  await expect(openNetwork(detector)).resolves.toHaveProperty('run');
});

test('the version that self-checks are remembered for is the one that runs', async () => {
  expect((await loadRuntime('wasm')).env.versions.web).toBe(RUNTIME_VERSION);
});

test('the shipped networks are as the catalog says, and another graph is refused', async () => {
  const shipped = parseCatalog(readFileSync(resolve(models, 'catalog.json'), 'utf8')).filter(
    ({ origin }) => origin === 'shipped',
  );
  const specs = shipped.flatMap(({ id, tensors }) => tensors.map((spec) => ({ id, spec })));
  expect(specs.length).toBeGreaterThan(2);
  for (const { id, spec } of specs) {
    const file = readFileSync(resolve(models, id, spec.path));
    await (await openNetwork(file, { spec })).release();
  }
  const { spec } = specs.find(({ id }) => id === 'identity')!;
  await expect(openNetwork(detector, { spec })).rejects.toMatchObject({ code: 'model-corrupt' });
});

test('weights come from other files, and sizes can be fixed', async () => {
  const weights = noise(3, 1024 * 1024).map((value) => value / 16);
  const file = new Blob([weights, weights, weights, weights]);
  const network = await openNetwork(twin('shards'), {
    externalData: ['first', 'second'].map((name) => ({ path: `${name}.weights`, data: file })),
    fixedSizes: { batch: 3 },
  });
  const x = { data: noise(4, 3 * 1024), dims: [3, 1024] };
  const steps = (...values: bigint[]) => ({ data: BigInt64Array.from(values), dims: [values.length, 1] });
  const { y } = await network.run({ x, steps: steps(0n, 40n, 700n) });
  // The last layer is a tanh; `steps` is added to it.
  for (const [row, step] of [0, 40, 700].entries()) {
    expect(Math.abs(Number(y!.data[row * 1024]) - step)).toBeLessThan(1);
  }
  await expect(network.run({ x, steps: steps(1n, 2n) })).rejects.toThrow(
    'wants int64 [3, 1], got int64 [2, 1]',
  );
  await network.release();
});

test('dimensions without a name are free, each by itself', async () => {
  const network = await openNetwork(twin('unnamed'));
  const { y } = await network.run({ a: feed(4, 3), b: feed(1, 3) });
  expect(y!.dims).toEqual([4, 3]);
  await expect(network.run({ a: feed(4, 3), b: feed(1, 2) })).rejects.toThrow('[b?0, 3], got float32 [1, 2]');
  await network.release();
});

test('float16, bool and int32 go in and come out', async () => {
  const network = await openNetwork(twin('types'));
  expect(await network.run(typesFeeds)).toEqual(typesAnswers);
  await network.release();
});
