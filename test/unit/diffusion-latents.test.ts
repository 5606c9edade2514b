/** Arithmetic round SDXL's UNet against diffusers and torch (test/golden/diffusion.json, tools/golden/diffusion.py). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../src/core/errors';
import { stacked, unstacked } from '../../workers/diffusion/batch';
import { guided } from '../../workers/diffusion/guidance';
import {
  expectFinite,
  joinedForInpainting,
  keptOutside,
  sampled,
  scaled,
  unscaled,
} from '../../workers/diffusion/latents';
import { baseTimeIds, refinerTimeIds } from '../../workers/diffusion/timeIds';
import golden from '../golden/diffusion.json' with { type: 'json' };
import { expectNear, floatHex, floatsOf, noiseTensor } from './diffusionGolden';

function sourcesOf(dims: readonly number[], seeds: readonly number[], scales: readonly number[]) {
  return seeds.map((seed, k) => noiseTensor(dims, seed, scales[k]!));
}

test('a draw from the VAE is that of diffusers, with log variances bounded on both sides', () => {
  const { seeds, scales, dims, sample, scaled: wantedScaled, unscaled: wantedUnscaled } = golden.sampling;
  const [mean, logvar, eps] = sourcesOf(dims, seeds, scales);
  expect(Math.min(...logvar!.data)).toBeLessThan(-30);
  expect(Math.max(...logvar!.data)).toBeGreaterThan(20);
  const z = sampled(mean!, logvar!, eps!);
  expect(z.dims).toEqual(dims);
  expectNear(z.data, floatsOf(sample));
  expect(floatHex(scaled(logvar!).data)).toBe(wantedScaled);
  expect(floatHex(unscaled(eps!).data)).toBe(wantedUnscaled);
  expect(() => sampled(mean!, logvar!, noiseTensor([1, 4, 5, 6], 1, 1))).toThrow(/1, 4, 5, 6/);
});

test('latents, mask and masked latents are joined and blended as torch does it', () => {
  const { seeds, scales, dims, joined, blended, softlyBlended } = golden.join;
  const [batch, , height, width] = dims as [number, number, number, number];
  const latents = noiseTensor(dims, seeds[0]!, scales[0]!);
  const masked = noiseTensor([1, 4, height, width], seeds[1]!, scales[1]!);
  const noise = noiseTensor([1, 1, height, width], seeds[2]!, scales[2]!);
  const mask = { ...noise, data: noise.data.map((value) => Number(value > 0)) };
  const input = joinedForInpainting(latents, mask, masked);
  expect(input.dims).toEqual([batch, 9, height, width]);
  expect(floatHex(input.data)).toBe(joined);
  expect(joinedForInpainting(latents, stacked([mask, mask]), stacked([masked, masked]))).toEqual(input);
  const keep = noiseTensor(dims, seeds[3]!, scales[3]!);
  expectNear(keptOutside(keep, mask, latents).data, floatsOf(blended));
  const soft = { ...mask, data: keep.data.slice(0, height * width).map((value) => value / 4) };
  expect(floatHex(keptOutside(keep, soft, latents).data)).toBe(softlyBlended);
});

test('joining and blending refuse what does not fit', () => {
  const latents = noiseTensor([2, 4, 3, 5], 1, 1);
  const mask = noiseTensor([1, 1, 3, 5], 2, 1);
  const joins = [
    [noiseTensor([2, 3, 3, 5], 1, 1), mask, latents],
    [latents, noiseTensor([1, 1, 5, 3], 2, 1), latents],
    [latents, noiseTensor([3, 1, 3, 5], 2, 1), latents],
    [latents, mask, noiseTensor([2, 5, 3, 5], 1, 1)],
  ] as const;
  for (const [a, b, c] of joins) expect(() => joinedForInpainting(a, b, c)).toThrow(RangeError);
  expect(() => keptOutside(noiseTensor([1, 4, 3, 5], 1, 1), mask, latents)).toThrow(RangeError);
  expect(() => keptOutside(latents, noiseTensor([2, 1, 3, 5], 1, 1), latents)).toThrow(RangeError);
});

test('where the mask is 0 the kept latents stay exactly, where it is 1 the new ones', () => {
  const value = fc.float({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(value, value, (kept, made) => {
      const tensor = (x: number) => ({ data: new Float32Array(8).fill(x), dims: [1, 4, 1, 2] });
      const mask = { data: Float32Array.of(0, 1), dims: [1, 1, 1, 2] };
      const { data } = keptOutside(tensor(kept), mask, tensor(made));
      return data.every((x, i) => x === (i % 2 === 0 ? kept : made));
    }),
  );
});

test.each([NaN, Infinity, -Infinity])('%d among latents is an error that says so', (bad) => {
  const latents = noiseTensor([1, 4, 2, 2], 1, 1e30);
  expect(() => expectFinite(latents, 'latents')).not.toThrow();
  latents.data[15] = bad;
  let error: unknown;
  try {
    expectFinite(latents, 'latents after step 3');
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({
    code: 'GEN_001',
    details: { reason: 'not-finite', where: 'latents after step 3' },
  });
});

test.each(golden.guidance)('guidance $scale, rescaled by $rescale, is that of diffusers', (wanted) => {
  const [negative, positive] = sourcesOf(wanted.dims, wanted.seeds, wanted.scales);
  const half = positive!.data.length / 2;
  for (let i = half; i < 2 * half; i += 1) positive!.data[i]! *= 0.25;
  const before = floatHex(negative!.data);
  const result = guided(negative!, positive!, wanted.scale, wanted.rescale);
  expect(result.dims).toEqual(wanted.dims);
  if (wanted.rescale === 0) expect(floatHex(result.data)).toBe(wanted.result);
  else expectNear(result.data, floatsOf(wanted.result));
  expect(floatHex(negative!.data)).toBe(before);
});

test('the negative half comes first', () => {
  const [negative, positive] = [noiseTensor([1, 2, 1, 3], 1, 1), noiseTensor([1, 2, 1, 3], 2, 1)];
  const both = stacked([negative, positive]);
  expect(both.dims).toEqual([2, 2, 1, 3]);
  expect([...both.data]).toEqual([...negative.data, ...positive.data]);
  const items = negative.dims[0]!;
  expect(unstacked(both, [items, items])).toEqual([negative, positive]);
  expect(unstacked(stacked([both, negative]), [2 * items, items])).toEqual([both, negative]);
  expect(() => unstacked({ data: new Float32Array(6), dims: [3, 2] }, [1, 1])).toThrow(RangeError);
  expect(() => stacked([negative, noiseTensor([1, 2, 3, 1], 2, 1)])).toThrow(RangeError);
  expect(() => stacked([])).toThrow(RangeError);
  expect(() => guided(negative, noiseTensor([1, 2, 3, 1], 2, 1), 7)).toThrow(RangeError);
});

test.each(golden.timeIds)('time ids, aesthetics $aesthetics, crop $crop', (wanted) => {
  const { size, originalSize, crop, negativeCrop } = wanted;
  const pair = (values: readonly number[]) => values as readonly number[] as readonly [number, number];
  const ids = (wanted.aesthetics ? refinerTimeIds : baseTimeIds)({
    size: pair(size),
    originalSize: pair(originalSize),
    crop: pair(crop),
    negativeCrop: pair(negativeCrop),
  });
  expect([...ids.negative.data]).toEqual(wanted.negative);
  expect([...ids.positive.data]).toEqual(wanted.positive);
  expect(ids.negative.dims).toEqual([1, wanted.negative.length]);
});

test('by default the picture was never cut and has the size that is made', () => {
  expect([...baseTimeIds({ size: [640, 512] }).negative.data]).toEqual([640, 512, 0, 0, 640, 512]);
  expect([...refinerTimeIds({ size: [640, 512] }).negative.data]).toEqual([640, 512, 0, 0, 2.5]);
  expect([...refinerTimeIds({ size: [640, 512] }).positive.data]).toEqual([640, 512, 0, 0, 6]);
});
