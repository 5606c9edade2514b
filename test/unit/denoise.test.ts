/** The denoising loop on a toy network; its trajectories are diffusers' (tools/golden/schedulers.py). */
import { expect, test } from 'vitest';
import {
  type Conditions,
  type Denoising,
  type DenoisingState,
  denoise,
  type Inpainting,
  type Unet,
  type UnetInputs,
} from '../../workers/diffusion/denoise';
import { addNoise, initialLatents } from '../../workers/diffusion/schedule/noise';
import { buildSchedule, type ScheduleKind } from '../../workers/diffusion/schedule/schedule';
import type { FloatTensor } from '../../workers/ort/tensor';
import golden from '../golden/schedulers.json';

const DIMS = [1, 4, 2, 4];
const { signal } = new AbortController();
const tensor = (values: ArrayLike<number>, dims: readonly number[] = DIMS): FloatTensor => ({
  data: Float32Array.from(values),
  dims,
});
const start = Float32Array.from(golden.start);
const one = (value: number): Conditions => ({
  prompt: tensor([value], [1, 1, 1]),
  pooled: tensor([value], [1, 1]),
  timeIds: tensor([value], [1, 1]),
});

/** e = 0.3 · latents + 0.05 · cos(t / 100), to which the prompt adds its own number; asks are remembered. */
function toyUnet() {
  const asks: UnetInputs[] = [];
  const unet: Unet = async (inputs) => {
    asks.push(inputs);
    const { sample, timestep, prompt } = inputs;
    const [batch, channels, height, width] = sample.dims as [number, number, number, number];
    const size = 4 * height * width;
    const data = new Float32Array(batch * size);
    for (let n = 0; n < batch; n += 1) {
      for (let k = 0; k < size; k += 1) {
        const x = sample.data[n * channels * height * width + k]!;
        const added = Math.fround(0.05 * Math.cos(timestep / 100));
        data[n * size + k] = Math.fround(Math.fround(0.3) * x) + added + prompt.data[n]!;
      }
    }
    return { data, dims: [batch, 4, height, width] };
  };
  return { unet, asks };
}

const plain = { scale: 1, rescale: 0, together: false };
const runOf = (kind: ScheduleKind, steps: number, to: number, more: Partial<Denoising> = {}): Denoising => ({
  schedule: buildSchedule({ kind, steps }),
  to,
  positive: one(0),
  negative: one(0),
  guidance: plain,
  inpainting: { kind: 'whole-frame' },
  draw: () => {
    throw new Error('nothing is to be drawn');
  },
  ...more,
});

async function last(unet: Unet, run: Denoising, from: DenoisingState) {
  const states = [];
  for await (const state of denoise(unet, run, from, signal)) states.push(state);
  return states;
}

test.each(golden.trajectories.filter(({ prediction }) => prediction === 'epsilon'))(
  '$kind, $steps steps, $from to $to, ends where diffusers does',
  async ({ kind, steps, from, to, begin, result, ...rest }) => {
    const noise = 'noise' in rest ? [...(rest.noise as readonly (readonly number[])[])] : [];
    const run = runOf(kind as ScheduleKind, steps, to, { draw: () => Float32Array.from(noise.shift()!) });
    const states = await last(toyUnet().unet, run, { next: from, latents: tensor(begin), memory: null });
    expect(states.map(({ next }) => next)).toEqual(Array.from({ length: to - from }, (_, k) => from + k + 1));
    states.at(-1)!.latents.data.forEach((value, k) => {
      expect(Math.abs(value - result[k]!)).toBeLessThan(5e-6);
    });
  },
);

test('a run that goes on from any state ends in the same bits', async () => {
  const run = runOf('dpm++2m-karras', 8, 8);
  const begin = { next: 0, latents: tensor(initialLatents(run.schedule, start)), memory: null };
  const states = await last(toyUnet().unet, run, begin);
  const resumed = await last(toyUnet().unet, run, structuredClone(states[2]!));
  expect(resumed.at(-1)!.latents.data).toEqual(states.at(-1)!.latents.data);
});

test('guidance: both prompts in one run or in two are the same, and it is off at a scale of 1', async () => {
  const guided = async (together: boolean, scale: number) => {
    const { unet, asks } = toyUnet();
    const guidance = { scale, rescale: 0.3, together };
    const run = runOf('euler', 4, 4, { guidance, negative: one(-0.2), positive: one(0.1) });
    const begin = { next: 0, latents: tensor(initialLatents(run.schedule, start)), memory: null };
    return { asks: asks, end: (await last(unet, run, begin)).at(-1)!.latents.data };
  };
  const [together, apart, off] = [await guided(true, 7), await guided(false, 7), await guided(true, 1)];
  expect(together.asks.map(({ sample, prompt }) => [sample.dims[0], prompt.data[0]])).toEqual(
    Array.from({ length: 4 }, () => [2, Math.fround(-0.2)]),
  );
  expect(apart.asks).toHaveLength(8);
  expect(off.asks).toHaveLength(4);
  expect(together.end).toEqual(apart.end);
  expect(off.end).not.toEqual(apart.end);
});

const mask = tensor([1, 0, 0, 1, 0, 1, 1, 0], [1, 1, 2, 4]);
const clean = tensor(start.map((x) => x / 3));

test('4 channels: outside the mask the picture is as noisy as the step wants, and clean in the end', async () => {
  const inpainting: Inpainting = { kind: '4-channel', mask, clean, noise: tensor(start) };
  const run = runOf('euler', 6, 6, { inpainting });
  const begin = { next: 0, latents: tensor(initialLatents(run.schedule, start)), memory: null };
  const states = await last(toyUnet().unet, run, begin);
  for (const { next, latents } of states) {
    const wanted = next === 6 ? clean.data : addNoise(run.schedule, next, clean.data, start);
    latents.data.forEach((value, k) => {
      if (mask.data[k % 8] === 0) expect(value).toBe(wanted[k]);
    });
  }
  const free = await last(toyUnet().unet, runOf('euler', 6, 6), begin);
  const inside = (data: Float32Array) => data.filter((_, k) => mask.data[k % 8] === 1);
  expect(inside(states.at(-1)!.latents.data)).toEqual(inside(free.at(-1)!.latents.data));
});

test('9 channels: the network sees mask and masked picture unscaled, and nothing is put back', async () => {
  const { unet, asks } = toyUnet();
  const run = runOf('euler', 3, 3, { inpainting: { kind: '9-channel', mask, maskedLatents: clean } });
  const begin = { next: 0, latents: tensor(initialLatents(run.schedule, start)), memory: null };
  await last(unet, run, begin);
  for (const { sample } of asks) {
    expect(sample.dims).toEqual([1, 9, 2, 4]);
    expect(sample.data.slice(32)).toEqual(Float32Array.from([...mask.data, ...clean.data]));
  }
});

test('NaN ends the run with its step; a cancel is heard between steps', async () => {
  const run = runOf('euler', 5, 5);
  const begin = { next: 0, latents: tensor(initialLatents(run.schedule, start)), memory: null };
  const broken: Unet = async ({ sample, timestep }) =>
    timestep === run.schedule.timesteps[2] ? { ...sample, data: sample.data.fill(Number.NaN, 5, 6) } : sample;
  await expect(last(broken, run, begin)).rejects.toMatchObject({
    code: 'GEN_001',
    details: { reason: 'not-finite', where: 'what the network made of step 3' },
  });

  const controller = new AbortController();
  const { unet, asks } = toyUnet();
  const cancelled = async () => {
    for await (const { next } of denoise(unet, run, begin, controller.signal)) {
      if (next === 2) controller.abort();
    }
  };
  await expect(cancelled()).rejects.toMatchObject({ name: 'AbortError' });
  expect(asks).toHaveLength(2);
});
