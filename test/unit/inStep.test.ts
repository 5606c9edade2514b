import { expect, test } from 'vitest';
import type { Unet, UnetInputs } from '../../workers/diffusion/denoise';
import { inStep } from '../../workers/diffusion/inStep';

const row = (value: number) => ({ data: Float32Array.of(value, -value), dims: [1, 2] });

function inputs(value: number, timestep: number): UnetInputs {
  return {
    sample: row(value),
    timestep,
    prompt: row(10 * value),
    pooled: row(100 * value),
    timeIds: row(1000 * value),
  };
}

/** Answers with the sum of what belongs to each item, and keeps how many items each run had. */
function summing(): { readonly unet: Unet; readonly runs: number[] } {
  const runs: number[] = [];
  const unet: Unet = async ({ sample, prompt, pooled, timeIds, timestep }) => {
    runs.push(sample.dims[0]!);
    const data = sample.data.map(
      (value, i) => value + prompt.data[i]! + pooled.data[i]! + timeIds.data[i]! + timestep,
    );
    return { data, dims: sample.dims };
  };
  return { unet, runs };
}

test('what is asked at the same time is one run, and everybody gets the own part', async () => {
  const { unet, runs } = summing();
  const members = inStep(unet, 3);
  const answers = await Promise.all(members.map((member, i) => member.unet(inputs(i + 1, 7))));
  expect(answers.map(({ data }) => [...data])).toEqual([
    [1118, -1104],
    [2229, -2215],
    [3340, -3326],
  ]);
  expect(runs).toEqual([3]);
});

test('other timesteps are other runs', async () => {
  const { unet, runs } = summing();
  const [a, b, c] = inStep(unet, 3);
  await Promise.all([a!.unet(inputs(1, 7)), b!.unet(inputs(2, 9)), c!.unet(inputs(3, 7))]);
  expect(runs).toEqual([2, 1]);
});

test('nobody waits for who has left, also while the others wait', async () => {
  const { unet, runs } = summing();
  const [a, b, c] = inStep(unet, 3);
  a!.leave();
  const waiting = b!.unet(inputs(2, 7));
  await new Promise((resolve) => setTimeout(resolve));
  expect(runs).toEqual([]);
  c!.leave();
  expect([...(await waiting).data]).toEqual([2229, -2215]);
  expect(runs).toEqual([1]);
});

test('a run that fails fails for all who asked for it', async () => {
  const members = inStep(() => Promise.reject(new Error('broke')), 2);
  const answers = await Promise.allSettled(members.map((member) => member.unet(inputs(1, 7))));
  expect(answers).toMatchObject([{ reason: { message: 'broke' } }, { reason: { message: 'broke' } }]);
});
