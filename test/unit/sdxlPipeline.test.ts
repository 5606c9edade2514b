/**
 * The whole inpainting on SDXL's twins against diffusers' own pipeline (tools/golden/sdxl.py), on the CPU; skipped without
 * ../shared/models/clip.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { Space } from '../../src/core/geometry';
import { type Raster, raster } from '../../src/core/raster';
import { promptsOf, type Texts } from '../../workers/diffusion/conditions';
import { type DenoisingState, denoise } from '../../workers/diffusion/denoise';
import { beginInpainting, type Prompts } from '../../workers/diffusion/inpainting';
import { unscaled } from '../../workers/diffusion/latents';
import { binarised, type Grey } from '../../workers/diffusion/mask';
import { planesOf } from '../../workers/diffusion/picture';
import { beginRefining, beginTakingOver } from '../../workers/diffusion/refining';
import type { ScheduleKind } from '../../workers/diffusion/schedule/schedule';
import { baseTimeIds, refinerTimeIds, type TimeIds } from '../../workers/diffusion/timeIds';
import { clipTokenizer } from '../../workers/diffusion/tokenizer';
import type { FloatTensor } from '../../workers/ort/tensor';
import golden from '../golden/sdxl.json';
import { noiseBytes } from './noise';
import { decode, encode, runTwin, unetOf } from './sdxlNetworks';

const clip = resolve(import.meta.dirname, '../../../shared/models/clip');
const present = existsSync(resolve(clip, 'vocab.json'));
const { signal } = new AbortController();

interface Refiner {
  /** `picture`: without a base. */
  readonly by: 'latents' | 'picture';
  readonly masked?: boolean;
  readonly strength?: number;
  readonly guidance: number;
}

interface Case {
  readonly unet: 'unet9' | 'unet4';
  readonly scheduler: ScheduleKind;
  readonly steps: number;
  readonly strength: number;
  readonly guidance: number;
  readonly rescale: number;
  readonly negative: string | null;
  readonly seed: number;
  readonly height: number;
  readonly width: number;
  readonly end?: number;
  readonly refiner?: Refiner;
  readonly latents: readonly number[];
  readonly decoded: readonly number[];
}
const cases = golden.cases as readonly unknown[] as readonly Case[];

function pictureOf(width: number, height: number): Raster<Space> {
  const rgb = noiseBytes(width * height * 3, golden.pictureSeed);
  const picture = raster<Space>(width, height);
  for (let i = 0; i < width * height; i += 1) {
    picture.data.set([rgb[3 * i]!, rgb[3 * i + 1]!, rgb[3 * i + 2]!, 255], 4 * i);
  }
  return picture;
}

const files = present && {
  vocabulary: JSON.parse(readFileSync(resolve(clip, 'vocab.json'), 'utf8')) as Record<string, number>,
  merges: readFileSync(resolve(clip, 'merges.txt'), 'utf8'),
};
const tokenizers = files && [clipTokenizer(files, 'end'), clipTokenizer(files, 0)];

async function textsOf(prompt: string, refines: boolean): Promise<Texts> {
  const ids = tokenizers ? tokenizers.map((tokenize) => tokenize(prompt).ids) : [];
  const run = (name: 'text_encoder' | 'text_encoder_2', data: Int32Array<ArrayBuffer>) =>
    runTwin(name, { input_ids: { data, dims: [1, data.length] } });
  const second = await run('text_encoder_2', ids[1]!);
  return {
    first: refines ? null : (await run('text_encoder', ids[0]!))['hidden']!,
    second: second['hidden']!,
    pooled: second['pooled']!,
  };
}

/** No negative prompt: nothing at all for the base, the empty one for the refiner. */
async function promptsFor(negative: string | null, ids: TimeIds, refines: boolean): Promise<Prompts> {
  const told = negative === null && !refines ? null : await textsOf(negative ?? '', refines);
  return promptsOf(await textsOf(golden.prompt, refines), told, ids);
}

async function lastOf(...run: Parameters<typeof denoise>): Promise<DenoisingState> {
  let [, , state] = run;
  for await (const next of denoise(...run)) state = next;
  return state;
}

async function finalLatents(wanted: Case): Promise<FloatTensor> {
  const { unet, scheduler: kind, steps, strength, seed, height, width, end, refiner } = wanted;
  const planes = planesOf(pictureOf(width, height));
  const grey: Grey = { width, height, data: noiseBytes(width * height, golden.maskSeed) };
  const mask = binarised(grey);
  const guidance = { scale: wanted.guidance, rescale: wanted.rescale, together: false };
  const size = [height, width] as const;
  const based = async (): Promise<FloatTensor> => {
    const prompts = await promptsFor(wanted.negative, baseTimeIds({ size }), false);
    const settings = {
      kind,
      steps,
      strength,
      seed,
      guidance,
      ...(end !== undefined && { denoisingEnd: end }),
    };
    const channels = unet === 'unet9' ? 9 : 4;
    const { run, start } = await beginInpainting(encode, { planes, mask }, channels, prompts, settings);
    return (await lastOf(unetOf(unet), run, start, signal)).latents;
  };
  if (!refiner) return await based();

  const prompts = await promptsFor(wanted.negative, refinerTimeIds({ size }), true);
  const refining = { scale: refiner.guidance, rescale: 0, together: false };
  const settings = { kind, steps, seed, guidance: refining };
  const begun = async () => {
    if (refiner.by === 'picture') {
      return await beginRefining(encode, planes, prompts, { ...settings, strength: refiner.strength! });
    }
    const handedOver = await based();
    const later = { ...settings, denoisingStart: end! };
    if (!refiner.masked) return beginTakingOver(handedOver, prompts, later);
    return await beginInpainting(encode, { planes, mask, handedOver }, 4, prompts, later);
  };
  const { run, start } = await begun();
  return (await lastOf(unetOf('refiner'), run, start, signal)).latents;
}

test.skipIf(!present).for(cases.map((one) => [nameOf(one), one] as const))(
  '%s: latents and picture are those of diffusers within 1e-3 (skipped without ../shared)',
  { timeout: 60_000 },
  async ([, wanted]) => {
    const latents = await finalLatents(wanted);
    const largest = Math.max(...latents.data.map((value, i) => Math.abs(value - wanted.latents[i]!)));
    expect(latents.data).toHaveLength(wanted.latents.length);
    const { data } = await decode(unscaled(latents));
    const decoded = wanted.decoded.map((value, i) => Math.abs(value - data[i * golden.every]!));
    expect(largest).toBeLessThan(1e-3);
    expect(Math.max(...decoded)).toBeLessThan(1e-3);
  },
);

function nameOf({ latents: _, decoded: __, ...settings }: Case): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(', ');
}
