import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { openNetwork } from '../../workers/ort';

const detector = readFileSync(resolve(import.meta.dirname, '../../public/models/faces/yunet_s.onnx'));
const feed = (...dims: number[]) => ({
  data: new Float32Array(dims.reduce((product, n) => product * n, 1)),
  dims,
});

test('calls at the same time queue, and one that fails does not fail the next', async () => {
  const network = await openNetwork(detector);
  const settled = await Promise.allSettled([
    network.run({ input: feed(1, 3, 64, 96) }),
    network.run({ input: feed(1, 4, 64, 96) }),
    network.run({ input: feed(1, 3, 32, 32) }),
  ]);
  expect(settled.map((s) => s.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const [first, second, third] = settled as PromiseSettledResult<Record<string, { dims: number[] }>>[];
  expect(first).toMatchObject({ value: { cls_8: { dims: [1, 96, 1] }, kps_32: { dims: [1, 6, 10] } } });
  expect(third).toMatchObject({ value: { bbox_16: { dims: [1, 4, 4] } } });
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
