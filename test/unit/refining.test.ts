/** How a refiner begins over the whole frame: where, and with which noise. That it ends right: sdxlPipeline.test.ts. */
import { expect, test } from 'vitest';
import type { Conditions } from '../../workers/diffusion/denoise';
import type { Encode } from '../../workers/diffusion/inpainting';
import { scaled } from '../../workers/diffusion/latents';
import { TorchNoise } from '../../workers/diffusion/noise/torchNoise';
import { beginRefining, beginTakingOver, type RefiningSettings } from '../../workers/diffusion/refining';
import { addNoise } from '../../workers/diffusion/schedule/noise';
import { buildSchedule } from '../../workers/diffusion/schedule/schedule';
import type { FloatTensor } from '../../workers/ort/tensor';

const DIMS = [1, 4, 4, 6];
const COUNT = DIMS.reduce((a, b) => a * b);
const filled = (value: number, dims: readonly number[]): FloatTensor => ({
  data: new Float32Array(dims.reduce((a, b) => a * b)).fill(value),
  dims,
});
const conditions = (value: number): Conditions => ({
  prompt: filled(value, [1, 77, 8]),
  pooled: filled(value, [1, 8]),
  timeIds: filled(value, [1, 5]),
});
const prompts = { positive: conditions(1), negative: conditions(2) };
const planes = filled(0.5, [1, 3, 32, 48]);
const settings: RefiningSettings = {
  kind: 'lcm',
  steps: 10,
  guidance: { scale: 5, rescale: 0, together: false },
  seed: 42,
};
const schedule = buildSchedule({ kind: 'lcm', steps: 10 });
/** Deviation 1 round the value of the planes. */
const encode: Encode = async ({ data }) => ({ mean: filled(data[0]!, DIMS), logvar: filled(0, DIMS) });
const never: Encode = () => Promise.reject(new Error('nothing was to be encoded'));

test.each([
  [0.3, 7],
  [1, 0],
])(
  'strength %f: the picture, drawn first, with the noise of step %i, drawn second',
  async (strength, from) => {
    const noise = new TorchNoise(42);
    const clean = scaled({ data: noise.randn(COUNT).map((value) => 0.5 + value), dims: DIMS });
    const { run, start } = await beginRefining(encode, planes, prompts, { ...settings, strength });
    const latents = { data: addNoise(schedule, from, clean.data, noise.randn(COUNT)), dims: DIMS };
    expect(start).toEqual({ next: from, latents, memory: null });
    expect(run).toMatchObject({ to: 10, ...prompts, inpainting: { kind: 'whole-frame' } });
    expect(run.draw(COUNT)).toEqual(noise.randn(COUNT));
  },
);

test('what a base left off at is gone on with as it is, and the generator is at its beginning', () => {
  const latents = filled(3, DIMS);
  const { run, start } = beginTakingOver(latents, prompts, { ...settings, denoisingStart: 0.8 });
  expect(start).toEqual({ next: 8, latents, memory: null });
  expect(run).toMatchObject({ to: 10, inpainting: { kind: 'whole-frame' } });
  expect(run.draw(COUNT)).toEqual(new TorchNoise(42).randn(COUNT));
});

test('settings out of range say their range before anything is encoded', async () => {
  const refused = (change: object) =>
    beginRefining(never, planes, prompts, { ...settings, strength: 0.3, ...change });
  await expect(refused({ strength: 0 })).rejects.toThrow(RangeError);
  await expect(refused({ steps: 51 })).rejects.toThrow(/1\.\.50/);
  await expect(refused({ seed: -1 })).rejects.toThrow(/0 to 4294967295/);
  expect(() => beginTakingOver(filled(3, DIMS), prompts, { ...settings, denoisingStart: 1 })).toThrow(
    /between 0 and 1/,
  );
});
