/** The cases of tools/golden/sdxl.py on whatever runs the twins: what diffusers' own pipelines came to, and what we do. */
import type { Space } from '../../src/core/geometry';
import { type Raster, raster } from '../../src/core/raster';
import { promptsOf, type Texts } from '../../workers/diffusion/conditions';
import { type DenoisingState, denoise } from '../../workers/diffusion/denoise';
import { decodeOf, encodeOf, textEncoderOf, unetOf } from '../../workers/diffusion/graphs';
import { beginInpainting, type Prompts } from '../../workers/diffusion/inpainting';
import { unscaled } from '../../workers/diffusion/latents';
import { binarised, type Grey } from '../../workers/diffusion/mask';
import { planesOf } from '../../workers/diffusion/picture';
import { beginRefining, beginTakingOver } from '../../workers/diffusion/refining';
import type { ScheduleKind } from '../../workers/diffusion/schedule/schedule';
import { baseTimeIds, refinerTimeIds, type TimeIds } from '../../workers/diffusion/timeIds';
import { type ClipFiles, clipTokenizer } from '../../workers/diffusion/tokenizer';
import type { FloatTensor, Tensors } from '../../workers/ort/tensor';
import golden from '../golden/sdxl.json' with { type: 'json' };
import large from '../golden/sdxl_large.json' with { type: 'json' };
import { noiseBytes } from '../unit/noise';
import type { SdxlTwinNetwork } from './sdxlTwin';

interface Refiner {
  /** `picture`: without a base. */
  readonly by: 'latents' | 'picture';
  readonly masked?: boolean;
  readonly strength?: number;
  readonly guidance: number;
}

export interface SdxlCase {
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
  /** Every so manyth value is stored; absent: all latents, and every `golden.every`th of what they decode to. */
  readonly everyLatent?: number;
  readonly everyDecoded?: number;
  readonly latents: readonly number[];
  readonly decoded: readonly number[];
}

export const sdxlCases = golden.cases as readonly unknown[] as readonly SdxlCase[];
/** 640 px wide and 512 px high. */
export const largeSdxlCases = large.cases as readonly unknown[] as readonly SdxlCase[];

/** One run of a twin. */
export type RunTwin = (name: SdxlTwinNetwork, feeds: Tensors) => Promise<Tensors>;

export function caseName({ latents: _, decoded: __, ...settings }: SdxlCase): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(', ');
}

/**
 * @param together prompt and negative prompt in one run.
 * @returns largest differences from diffusers, of the final latents and of what they decode to
 */
export async function sdxlDifference(
  wanted: SdxlCase,
  runTwin: RunTwin,
  words: ClipFiles,
  together = false,
): Promise<{ readonly latents: number; readonly decoded: number }> {
  const latents = await finalLatents(wanted, runTwin, words, together);
  const { data } = await decodeOf(runOf(runTwin, 'vae_decoder'))(unscaled(latents));
  return {
    latents: largest(latents.data, wanted.latents, wanted.everyLatent ?? 1),
    decoded: largest(data, wanted.decoded, wanted.everyDecoded ?? golden.every),
  };
}

/** @throws RangeError when there are more or fewer values than were stored of. */
function largest(found: Float32Array, wanted: readonly number[], every: number): number {
  if (Math.ceil(found.length / every) !== wanted.length) {
    throw new RangeError(`${found.length} values, of which every ${every}th are not ${wanted.length}`);
  }
  return wanted.reduce((most, value, i) => Math.max(most, Math.abs(found[i * every]! - value)), 0);
}

async function finalLatents(
  wanted: SdxlCase,
  runTwin: RunTwin,
  words: ClipFiles,
  together: boolean,
): Promise<FloatTensor> {
  const { unet, scheduler: kind, steps, strength, seed, height, width, end, refiner } = wanted;
  const planes = planesOf(pictureOf(width, height));
  const grey: Grey = { width, height, data: noiseBytes(width * height, golden.maskSeed) };
  const mask = binarised(grey);
  const size = [height, width] as const;
  const encode = encodeOf(runOf(runTwin, 'vae_encoder'));
  const textsOf = textsBy(runTwin, words);
  const based = async (): Promise<FloatTensor> => {
    const prompts = await promptsFor(textsOf, wanted.negative, baseTimeIds({ size }), false);
    const settings = {
      kind,
      steps,
      strength,
      seed,
      guidance: { scale: wanted.guidance, rescale: wanted.rescale, together },
      ...(end !== undefined && { denoisingEnd: end }),
    };
    const channels = unet === 'unet9' ? 9 : 4;
    const { run, start } = await beginInpainting(encode, { planes, mask }, channels, prompts, settings);
    return await lastOf(unetOf(runOf(runTwin, unet)), run, start);
  };
  if (!refiner) return await based();

  const prompts = await promptsFor(textsOf, wanted.negative, refinerTimeIds({ size }), true);
  const settings = { kind, steps, seed, guidance: { scale: refiner.guidance, rescale: 0, together } };
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
  return await lastOf(unetOf(runOf(runTwin, 'refiner')), run, start);
}

function textsBy(runTwin: RunTwin, words: ClipFiles) {
  const first = textEncoderOf(runOf(runTwin, 'text_encoder'));
  const second = textEncoderOf(runOf(runTwin, 'text_encoder_2'));
  const tokenizers = [clipTokenizer(words, 'end'), clipTokenizer(words, 0)] as const;
  return async (prompt: string, refines: boolean): Promise<Texts> => {
    const { hidden, pooled } = await second(tokenizers[1](prompt).ids);
    const left = refines ? null : (await first(tokenizers[0](prompt).ids)).hidden;
    return { first: left, second: hidden, pooled: pooled! };
  };
}

/** No negative prompt: nothing at all for the base, the empty one for the refiner. */
async function promptsFor(
  textsOf: ReturnType<typeof textsBy>,
  negative: string | null,
  ids: TimeIds,
  refines: boolean,
): Promise<Prompts> {
  const told = negative === null && !refines ? null : await textsOf(negative ?? '', refines);
  return promptsOf(await textsOf(golden.prompt, refines), told, ids);
}

async function lastOf(
  unet: Parameters<typeof denoise>[0],
  run: Parameters<typeof denoise>[1],
  start: DenoisingState,
): Promise<FloatTensor> {
  let state = start;
  for await (const next of denoise(unet, run, start, new AbortController().signal)) state = next;
  return state.latents;
}

function runOf(runTwin: RunTwin, name: SdxlTwinNetwork): (feeds: Tensors) => Promise<Tensors> {
  return (feeds) => runTwin(name, feeds);
}

function pictureOf(width: number, height: number): Raster<Space> {
  const rgb = noiseBytes(width * height * 3, golden.pictureSeed);
  const picture = raster<Space>(width, height);
  for (let i = 0; i < width * height; i += 1) {
    picture.data.set([rgb[3 * i]!, rgb[3 * i + 1]!, rgb[3 * i + 2]!, 255], 4 * i);
  }
  return picture;
}
