/**
 * The whole inpainting on SDXL's twins against diffusers' own pipeline, on the CPU; skipped without ../shared/models/clip.
 * test/browser/sdxlPipeline.test.ts does the same on a GPU.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { caseName, largeSdxlCases, sdxlCases, sdxlDifference } from '../fakes/sdxlCases';
import { runTwin } from './sdxlNetworks';

const clip = resolve(import.meta.dirname, '../../../shared/models/clip');
const present = existsSync(resolve(clip, 'vocab.json'));
const words = present
  ? {
      vocabulary: JSON.parse(readFileSync(resolve(clip, 'vocab.json'), 'utf8')) as Record<string, number>,
      merges: readFileSync(resolve(clip, 'merges.txt'), 'utf8'),
    }
  : { vocabulary: {}, merges: '' };

test.skipIf(!present).for([...sdxlCases, ...largeSdxlCases].map((one) => [caseName(one), one] as const))(
  '%s: latents and picture are those of diffusers within 1e-3 (skipped without ../shared)',
  { timeout: 60_000 },
  async ([, wanted]) => {
    const { latents, decoded } = await sdxlDifference(wanted, runTwin, words);
    expect(latents).toBeLessThan(1e-3);
    expect(decoded).toBeLessThan(1e-3);
  },
);

test.skipIf(!present)('both prompts in one run give the same (skipped without ../shared)', async () => {
  const guided = sdxlCases.find(({ guidance, refiner }) => guidance > 1 && !refiner)!;
  const { latents } = await sdxlDifference(guided, runTwin, words, true);
  expect(latents).toBeLessThan(1e-3);
});
