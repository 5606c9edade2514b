import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { openNetwork } from '../../workers/ort/network';
import { sdxlTwinDifference, sdxlTwinFeeds, sdxlTwinNetworks, sdxlTwinWeights } from '../fakes/sdxlTwin';

const folder = resolve(import.meta.dirname, '../twins/sdxl');

test.each(sdxlTwinNetworks)('%s answers as PyTorch does', async (name) => {
  const network = await openNetwork(readFileSync(resolve(folder, `${name}.onnx`)), {
    externalData: sdxlTwinWeights(name),
  });
  const found = await network.run(sdxlTwinFeeds(name));
  expect(sdxlTwinDifference(name, found)).toBeLessThan(1e-4);
  await network.release();
});

test('all seven are there', () => {
  expect(sdxlTwinNetworks).toHaveLength(7);
});
