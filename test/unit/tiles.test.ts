/** The VAE in tiles against diffusers' own on the twin (tools/golden/sdxl_tiles.py), on the CPU. */
import { describe, expect, test } from 'vitest';
import type { Encode } from '../../workers/diffusion/inpainting';
import { type Decode, tiledDecode, tiledEncode } from '../../workers/diffusion/tiles';
import { noise } from '../../workers/gpu/noise';
import type { FloatTensor } from '../../workers/ort/tensor';
import golden from '../golden/sdxl_tiles.json';
import { decode, encode } from './sdxlNetworks';

type Side = readonly number[];

const planesOf = (height: number, width: number): FloatTensor => ({
  data: noise(golden.planesSeed, 3 * height * width),
  dims: [1, 3, height, width],
});
const latentsOf = (height: number, width: number): FloatTensor => ({
  data: noise(golden.latentsSeed, (4 * height * width) / 64),
  dims: [1, 4, height / 8, width / 8],
});

/** `network`, and the sizes it was given; it fails when it is called before it has answered. */
function watched<Answer>(network: (tensor: FloatTensor) => Promise<Answer>) {
  const sizes: Side[] = [];
  let isBusy = false;
  const run = async (tensor: FloatTensor): Promise<Answer> => {
    expect(isBusy).toBe(false);
    isBusy = true;
    sizes.push(tensor.dims.slice(2));
    const answer = await network(tensor);
    isBusy = false;
    return answer;
  };
  return { run, sizes };
}

function largestDifference({ data }: FloatTensor, expected: readonly number[], every: number): number {
  expect(Math.ceil(data.length / every)).toBe(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(value - data[i * every]!)));
}

describe.each(golden.cases)('$width×$height px in tiles of $tile px', (wanted) => {
  const { height, width, tile, tiles } = wanted;

  test('mean and logvar are those of diffusers within 1e-4, one tile after the other, of the same sizes', async () => {
    const { run, sizes } = watched(encode);
    const { mean, logvar } = await tiledEncode(run, planesOf(height, width), tile);
    expect(mean.dims).toEqual([1, 4, height / 8, width / 8]);
    expect(logvar.dims).toEqual(mean.dims);
    expect(largestDifference(mean, wanted.mean, golden.every.latents)).toBeLessThan(1e-4);
    expect(largestDifference(logvar, wanted.logvar, golden.every.latents)).toBeLessThan(1e-4);
    expect(sizes).toEqual(tiles);
    expect(Math.max(...sizes.flat())).toBeLessThanOrEqual(tile);
  });

  test('so are the decoded planes', async () => {
    const { run, sizes } = watched(decode);
    const planes = await tiledDecode(run, latentsOf(height, width), tile);
    expect(planes.dims).toEqual([1, 3, height, width]);
    expect(largestDifference(planes, wanted.planes, golden.every.planes)).toBeLessThan(1e-4);
    expect(sizes).toEqual(tiles.map((size) => size.map((side) => side / 8)));
  });
});

/** Nothing is computed: a tile's own latents, its pixels' averages; a latent's pixels, all alike. */
const shrink: Encode = async ({ data, dims: [, , height, width] }) => {
  const [h, w] = [height! / 8, width! / 8];
  const mean: FloatTensor = { data: new Float32Array(4 * h * w), dims: [1, 4, h, w] };
  for (const [i, value] of data.subarray(0, height! * width!).entries()) {
    mean.data[Math.floor(i / width! / 8) * w + Math.floor((i % width!) / 8)]! += value / 64;
  }
  return { mean, logvar: mean };
};
const grow: Decode = async ({ data, dims: [, , h, w] }) => {
  const [height, width] = [8 * h!, 8 * w!];
  const planes = new Float32Array(3 * height * width);
  for (const i of planes.keys()) {
    const plane = Math.floor(i / (height * width));
    const y = Math.floor((i / width) % height);
    planes[i] = data[(plane * h! + Math.floor(y / 8)) * w! + Math.floor((i % width) / 8)]!;
  }
  return { data: planes, dims: [1, 3, height, width] };
};

test('at SDXL’s own size tiles are 512 px with 128 shared, and networks that see no neighbours show no seams', async () => {
  const columns = [512, 512, 256];
  const encoder = watched(shrink);
  const { mean } = await tiledEncode(encoder.run, planesOf(520, 1024));
  expect(encoder.sizes).toEqual([512, 136].flatMap((h) => columns.map((w) => [h, w])));
  const whole = await shrink(planesOf(520, 1024));
  expect(largestDifference(mean, [...whole.mean.data], 1)).toBeLessThan(1e-6);

  const decoder = watched(grow);
  const planes = await tiledDecode(decoder.run, latentsOf(520, 1024));
  expect(decoder.sizes).toEqual([64, 17].flatMap((h) => columns.map((w) => [h, w / 8])));
  const expected = (await grow(latentsOf(520, 1024))).data.filter((_, i) => i % 499 === 0);
  expect(largestDifference(planes, [...expected], 499)).toBeLessThan(1e-6);
});

test('what fits a tile goes through whole, and the answer is the network’s own', async () => {
  const planes = planesOf(512, 256);
  const moments = await shrink(planes);
  const encoded = tiledEncode(async (given) => (given === planes ? moments : shrink(given)), planes);
  expect(await encoded).toBe(moments);

  const latents = latentsOf(256, 512);
  const picture = await grow(latents);
  expect(await tiledDecode(async (given) => (given === latents ? picture : grow(given)), latents)).toBe(
    picture,
  );
});

test('a network’s answers are left as they were, and its errors are handed on', async () => {
  const answers: { readonly given: FloatTensor; readonly copy: Float32Array }[] = [];
  const kept: Decode = async (latents) => {
    const given = await grow(latents);
    answers.push({ given, copy: given.data.slice() });
    return given;
  };
  await tiledDecode(kept, latentsOf(56, 56), 32);
  expect(answers).toHaveLength(9);
  for (const { given, copy } of answers) expect(given.data).toEqual(copy);

  const broken = () => Promise.reject(new Error('out of memory'));
  await expect(tiledEncode(broken, planesOf(56, 56), 32)).rejects.toThrow('out of memory');
});

test.each([0, -32, 48, 500, Number.NaN])('a tile of %f px is refused', async (tile) => {
  await expect(tiledEncode(shrink, planesOf(56, 56), tile)).rejects.toThrow(/a multiple of 32 px, not/);
  await expect(tiledDecode(grow, latentsOf(56, 56), tile)).rejects.toThrow(/a multiple of 32 px, not/);
});

test('a picture that is not whole latents is refused', async () => {
  await expect(tiledEncode(shrink, planesOf(60, 56), 32)).rejects.toThrow(
    '56×60 px are not whole latents of 8 px',
  );
});
