/** How one variation begins in the base and in a refiner, by its settings and those of the packs. */
import type { PaintSettings } from '../../src/core/painting';
import type { FloatTensor } from '../ort/tensor';
import type { Canvas } from './canvas';
import { promptsOf } from './conditions';
import type { Guidance } from './denoise';
import { beginInpainting, type Encode, type InpaintingSettings, type Prompts } from './inpainting';
import type { Begun, Job } from './job';
import type { PackSettings } from './packSettings';
import { beginRefining, beginTakingOver } from './refining';
import { buildSchedule, type ScheduleKind } from './schedule/schedule';
import { sliceSteps } from './schedule/slice';
import type { EncodedPrompts } from './texts';
import { baseTimeIds, refinerTimeIds } from './timeIds';

export interface Packs {
  readonly base: PackSettings;
  readonly refiner: PackSettings | null;
}

/** What all variations begin with. */
export interface Beginning extends Packs {
  readonly texts: EncodedPrompts;
  /** Both prompts of the guidance in one run. */
  readonly together: boolean;
}

/** The schedule that a pack and the settings come to. */
export function kindOf({ scheduler }: PaintSettings, pack: PackSettings): ScheduleKind {
  return scheduler === 'auto' ? pack.schedule.kind : scheduler;
}

/** Steps that each part of a variation takes, by the setting that decides. @throws RangeError where it takes none */
export function stepsOf(
  settings: PaintSettings,
  { base, refiner }: Packs,
): Readonly<Record<string, () => number>> {
  const { steps, strength, refiner: second } = settings;
  const count = (pack: PackSettings, all: number, options: Parameters<typeof sliceSteps>[1]) => () => {
    const { from, to } = sliceSteps(buildSchedule({ kind: kindOf(settings, pack), steps: all }), options);
    return to - from;
  };
  if (!second || !refiner) return { strength: count(base, steps, { strength }) };
  if (second.by === 'picture') {
    return {
      strength: count(base, steps, { strength }),
      'refiner.strength': count(refiner, second.steps, { strength: second.strength }),
    };
  }
  const { switchAt } = second;
  return {
    strength: count(base, steps, { strength }),
    'refiner.switchAt': () =>
      count(base, steps, { strength, denoisingEnd: switchAt })() +
      count(base, steps, { denoisingStart: switchAt })(),
  };
}

/** Of a whole variation. @throws as `stepsOf` */
export function allStepsOf(settings: PaintSettings, packs: Packs): number {
  const parts = stepsOf(settings, packs);
  // What is handed over is one schedule in two parts.
  const whole = parts['refiner.switchAt'];
  return whole ? whole() : Object.values(parts).reduce((sum, part) => sum + part(), 0);
}

/** @throws as `beginInpainting` */
export function beginBase(job: Job, canvas: Canvas, encode: Encode, beginning: Beginning): Promise<Begun> {
  const { base } = beginning;
  const { settings } = job.face;
  const { refiner, strength } = settings;
  return beginInpainting(encode, canvas, base.channels, basePrompts(job, canvas, beginning), {
    ...common(job, base),
    steps: settings.steps,
    strength,
    guidance: guidanceOf(settings, settings.guidanceScale, beginning),
    ...(refiner?.by === 'latents' && { denoisingEnd: refiner.switchAt }),
  });
}

/**
 * The refiner takes the base's latents over: with the mask after a base of 4 channels, over the whole frame after one
 * of 9, whose latents are noisy everywhere.
 * @throws as `beginInpainting`
 */
export async function beginAfter(
  job: Job,
  latents: FloatTensor,
  canvas: Canvas,
  encode: Encode,
  beginning: Beginning,
): Promise<Begun> {
  const { base, refiner } = beginning;
  const { settings } = job.face;
  const { guidanceScale, switchAt } = settings.refiner!;
  const prompts = refinerPrompts(job, canvas, beginning);
  const later = {
    ...common(job, base),
    // The steps are the base's; what the network says in them is the refiner's own.
    prediction: refiner!.schedule.prediction,
    steps: settings.steps,
    guidance: guidanceOf(settings, guidanceScale, beginning),
    denoisingStart: switchAt,
  };
  if (base.channels === 9) return beginTakingOver(latents, prompts, later);
  return beginInpainting(encode, { ...canvas, handedOver: latents }, 4, prompts, later);
}

/** The refiner goes over the painted picture. @param planes of it. @throws as `beginRefining` */
export function beginOver(
  job: Job,
  planes: FloatTensor,
  canvas: Canvas,
  encode: Encode,
  beginning: Beginning,
): Promise<Begun> {
  const { settings } = job.face;
  const { guidanceScale, steps, strength } = settings.refiner!;
  return beginRefining(encode, planes, refinerPrompts(job, canvas, beginning), {
    ...common(job, beginning.refiner!),
    steps,
    strength,
    guidance: guidanceOf(settings, guidanceScale, beginning),
  });
}

function common(
  { face, variation }: Job,
  pack: PackSettings,
): Pick<InpaintingSettings, 'kind' | 'prediction' | 'seed'> {
  return { kind: kindOf(face.settings, pack), prediction: pack.schedule.prediction, seed: variation.seed };
}

function guidanceOf({ guidanceRescale }: PaintSettings, scale: number, { together }: Beginning): Guidance {
  return { scale, rescale: guidanceRescale, together };
}

function basePrompts({ variation }: Job, { mask }: Canvas, { base, texts }: Beginning): Prompts {
  const positive = texts.base.get(variation.prompt)!;
  // An empty field is none at all.
  const isNone = variation.negativePrompt === '' && base.forceZerosForEmptyPrompt;
  const negative = isNone ? null : texts.base.get(variation.negativePrompt)!;
  return promptsOf(positive, negative, baseTimeIds({ size: sizeOf(mask) }));
}

function refinerPrompts({ variation }: Job, { mask }: Canvas, { texts }: Beginning): Prompts {
  const positive = texts.refiner.get(variation.refinerPrompt)!;
  const negative = texts.refiner.get(variation.refinerNegativePrompt)!;
  return promptsOf(positive, negative, refinerTimeIds({ size: sizeOf(mask) }));
}

function sizeOf({ dims }: FloatTensor): readonly [height: number, width: number] {
  return [dims[2]!, dims[3]!];
}
