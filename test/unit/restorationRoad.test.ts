/** Align, network, paste, end to end (tools/golden/codeformer.py). */
import { expect, test } from 'vitest';
import { createRestorer } from '../../workers/restoration/engine';
import { codeformerTwinPack } from '../fakes/restorerPacks';
import golden from '../golden/codeformer.json' with { type: 'json' };
import { roadDifferences } from './codeformerRoad';

/** Codes. */
const LARGEST_DIFFERENCE = 2;
const MEAN_DIFFERENCE = 0.5;

const restorer = createRestorer({ pack: async (id) => (id === 'codeformer' ? codeformerTwinPack() : null) });

test.each(golden.cases)('$size, enlarged by $upscale, fidelity $fidelity, gray $gray', async (one) => {
  const differences = await roadDifferences(restorer, one);
  expect(differences.length).toBeGreaterThanOrEqual(one.faces.length);
  for (const { largest, mean } of differences) {
    expect(largest).toBeLessThanOrEqual(LARGEST_DIFFERENCE);
    expect(mean).toBeLessThanOrEqual(MEAN_DIFFERENCE);
  }
});
