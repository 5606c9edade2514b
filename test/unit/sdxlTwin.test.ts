import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { noise } from '../../workers/gpu/noise';
import { openNetwork } from '../../workers/ort/network';
import type { Tensor } from '../../workers/ort/tensor';
import { type SdxlTwinNetwork, sdxlTwinWeights } from '../fakes/sdxlTwin';

interface Feed {
  readonly dims: readonly number[];
  readonly seed?: number;
  readonly values?: readonly number[];
}

interface Output {
  readonly dims: readonly number[];
  /** Every so manyth value is stored. */
  readonly every: number;
  readonly values: readonly number[];
}

interface Run {
  readonly feeds: Readonly<Record<string, Feed>>;
  readonly outputs: Readonly<Record<string, Output>>;
}

const folder = resolve(import.meta.dirname, '..');
const golden = JSON.parse(readFileSync(resolve(folder, 'golden/sdxl_twin.json'), 'utf8')) as Record<
  SdxlTwinNetwork,
  Run
>;
const networks = Object.entries(golden) as [SdxlTwinNetwork, Run][];

function tensorOf(name: string, { dims, seed, values }: Feed): Tensor {
  if (!values) {
    const count = dims.reduce((product, n) => product * n, 1);
    return { data: noise(seed!, count), dims };
  }
  return { data: name === 'input_ids' ? Int32Array.from(values) : Float32Array.from(values), dims };
}

test.each(networks)('%s answers as PyTorch does', async (name, { feeds, outputs }) => {
  const network = await openNetwork(readFileSync(resolve(folder, `twins/sdxl/${name}.onnx`)), {
    externalData: sdxlTwinWeights(name),
  });
  const found = await network.run(
    Object.fromEntries(Object.entries(feeds).map(([input, feed]) => [input, tensorOf(input, feed)])),
  );
  expect(Object.keys(found)).toEqual(Object.keys(outputs));
  for (const [output, { dims, every, values }] of Object.entries(outputs)) {
    const { data, dims: foundDims } = found[output]!;
    expect(foundDims).toEqual(dims);
    const differences = values.map((value, i) => Math.abs(Number(data[i * every]) - value));
    expect(Math.max(...differences)).toBeLessThan(1e-4);
  }
  await network.release();
});

test('all seven are there', () => {
  expect(networks).toHaveLength(7);
});
