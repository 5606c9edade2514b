import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Network, openNetwork } from '../../workers/ort/network';
import {
  codeformerTwinDifference,
  codeformerTwinFeeds,
  codeformerTwinFidelities,
  codeformerTwinWeights,
} from '../fakes/codeformerTwin';

/**
 * Of values up to 2.4. On the CPU, onnxruntime-web's InstanceNormalization adds up its numbers one after the other: of half a
 * million, as here, it is off by 2e-4 of a spread. onnxruntime in Python comes to 1e-5.
 */
const LARGEST_DIFFERENCE = 3e-4;

const file = resolve(import.meta.dirname, '../twins/codeformer/codeformer.onnx');
let network: Network;

beforeAll(async () => {
  network = await openNetwork(readFileSync(file), { externalData: codeformerTwinWeights(), fixedSizes: {} });
});
afterAll(() => network.release());

test.each(codeformerTwinFidelities)('fidelity %f answers as the reference code does', async (fidelity) => {
  const found = await network.run(codeformerTwinFeeds(fidelity));
  expect(codeformerTwinDifference(fidelity, found)).toBeLessThan(LARGEST_DIFFERENCE);
});

test('every fidelity has an answer of its own', async () => {
  const [first, ...others] = codeformerTwinFidelities;
  const found = await network.run(codeformerTwinFeeds(first!));
  expect(others).toHaveLength(2);
  for (const other of others) expect(codeformerTwinDifference(other, found)).toBeGreaterThan(0.1);
});
