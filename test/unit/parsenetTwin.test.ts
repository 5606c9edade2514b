import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { openNetwork } from '../../workers/ort/network';
import { parsingMask } from '../../workers/restoration/parsingMask';
import { parsenetTwinDifference, parsenetTwinFeeds } from '../fakes/parsenetTwin';

const file = resolve(import.meta.dirname, '../twins/parsenet/parsenet.onnx');

test('every pixel has the class that the reference code gives it, in bytes that the mask takes', async () => {
  const network = await openNetwork(readFileSync(file), { fixedSizes: {} });
  const found = await network.run(parsenetTwinFeeds());
  await network.release();
  const { pixels, others, classes } = parsenetTwinDifference(found);
  expect(pixels).toBeGreaterThan(2500);
  expect(classes.size).toBe(19);
  expect(others).toBe(0);
  const mask = parsingMask(found['classes']!.data as Uint8Array);
  expect(mask.data[256 * 512 + 256]).toBeGreaterThan(0.3);
});
