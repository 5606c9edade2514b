/** How an inpainting begins: which noise goes where. */
import { describe, expect, test } from 'vitest';
import type { Conditions } from '../../workers/diffusion/denoise';
import { beginInpainting, type Encode, type InpaintingSettings } from '../../workers/diffusion/inpainting';
import { scaled } from '../../workers/diffusion/latents';
import { TorchNoise } from '../../workers/diffusion/noise/torchNoise';
import { addNoise, initialLatents } from '../../workers/diffusion/schedule/noise';
import { buildSchedule } from '../../workers/diffusion/schedule/schedule';
import type { FloatTensor } from '../../workers/ort/tensor';

const [HEIGHT, WIDTH] = [32, 48];
const DIMS = [1, 4, HEIGHT / 8, WIDTH / 8];
const COUNT = DIMS.reduce((a, b) => a * b);
const filled = (value: number, ...dims: number[]): FloatTensor => ({
  data: new Float32Array(dims.reduce((a, b) => a * b)).fill(value),
  dims,
});
const conditions: Conditions = {
  prompt: filled(0, 1, 77, 8),
  pooled: filled(0, 1, 8),
  timeIds: filled(0, 1, 6),
};
const prompts = { positive: conditions, negative: conditions };
const planes = filled(0.5, 1, 3, HEIGHT, WIDTH);
const mask = filled(0, 1, 1, HEIGHT, WIDTH);
mask.data.fill(1, 0, (HEIGHT * WIDTH) / 2);

const settings: InpaintingSettings = {
  kind: 'euler',
  steps: 10,
  guidance: { scale: 7, rescale: 0, together: true },
  seed: 42,
};

/** An encoder whose every latent is normal round the mean of the first plane: what it draws is what comes out. */
const encode: Encode = async ({ data }) => {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  return { mean: filled(mean, ...DIMS), logvar: filled(0, ...DIMS) };
};
const encoded = (mean: number, noise: Float32Array) =>
  scaled({ data: noise.map((value) => Math.fround(mean) + value), dims: DIMS }).data;

/** The generator's first draws. */
function draws(count: number): Float32Array<ArrayBuffer>[] {
  const noise = new TorchNoise(settings.seed);
  return Array.from({ length: count }, () => noise.randn(COUNT));
}

const begin = (channels: 4 | 9, change: Partial<InpaintingSettings> = {}) =>
  beginInpainting(encode, { planes, mask }, channels, prompts, { ...settings, ...change });
const schedule = buildSchedule({ kind: 'euler', steps: 10 });

describe('the generator draws as in diffusers', () => {
  test('9 channels at strength 1: noise first, then the masked picture; the picture itself is not encoded', async () => {
    const [first, second, third] = draws(3);
    const { run, start } = await begin(9);
    expect(start).toMatchObject({ next: 0, memory: null });
    expect(start.latents.data).toEqual(initialLatents(schedule, first!));
    expect(run.inpainting).toMatchObject({
      kind: '9-channel',
      maskedLatents: { data: encoded(0.25, second!), dims: DIMS },
    });
    expect(run.draw(COUNT)).toEqual(third);
  });

  test('below strength 1: the picture, noise, the masked picture; the run starts at its first step’s noise', async () => {
    const [first, second, third] = draws(3);
    const { run, start } = await begin(9, { strength: 0.6 });
    expect(start.next).toBe(4);
    expect(start.latents.data).toEqual(addNoise(schedule, 4, encoded(0.5, first!), second!));
    expect(run.inpainting).toMatchObject({ maskedLatents: { data: encoded(0.25, third!) } });
  });

  test('4 channels: the picture is kept with the noise of the run, and the masked one still moves the generator on', async () => {
    const [first, second, , fourth] = draws(4);
    const { run, start } = await begin(4);
    expect(start.latents.data).toEqual(initialLatents(schedule, second!));
    expect(run.inpainting).toMatchObject({
      kind: '4-channel',
      clean: { data: encoded(0.5, first!) },
      noise: { data: second },
    });
    expect(run.draw(COUNT)).toEqual(fourth);
  });
});

test('a refiner takes over from the latents as they are, and ends where it is told', async () => {
  const [first] = draws(1);
  const { run, start } = await begin(4, { denoisingStart: 0.8 });
  expect(start.latents.data).toEqual(encoded(0.5, first!));
  expect([start.next, run.to]).toEqual([8, 10]);
  expect((await begin(4, { denoisingEnd: 0.8 })).run.to).toBe(8);

  const never: Encode = () => Promise.reject(new Error('nothing is to be encoded'));
  const handedOver = filled(3, ...DIMS);
  const left = { ...settings, denoisingStart: 0.8 };
  const takenOver = await beginInpainting(never, { planes, mask, handedOver }, 4, prompts, left);
  expect(takenOver.start.latents.data).toEqual(handedOver.data);
  expect(takenOver.run.inpainting).toMatchObject({ clean: handedOver, noise: { data: first } });
  await expect(beginInpainting(never, { planes, mask, handedOver }, 9, prompts, left)).rejects.toThrow(
    /9-channel/,
  );
});

test('settings out of range say their range before anything is encoded', async () => {
  const never: Encode = () => Promise.reject(new Error('nothing was to be encoded'));
  const refused = (change: Partial<InpaintingSettings>) =>
    beginInpainting(never, { planes, mask }, 9, prompts, { ...settings, ...change });
  await expect(refused({ strength: 0 })).rejects.toThrow(RangeError);
  await expect(refused({ steps: 0 })).rejects.toThrow(/1\.\.1000/);
  await expect(refused({ steps: 10_000 })).rejects.toThrow(/1\.\.1000/);
  await expect(refused({ seed: -1 })).rejects.toThrow(/0 to 4294967295/);
  await expect(refused({ seed: 2 ** 40 })).rejects.toThrow(/0 to 4294967295/);
});
