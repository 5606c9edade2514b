/**
 * The denoising loop (spec B.9): a generator that hands out the state after every step, so that whoever drives it can show
 * a preview, keep a checkpoint, or stop. It knows no runtime: the UNet is a function.
 */
import type { FloatTensor } from '../ort/tensor';
import { stacked, unstacked } from './batch';
import { guided } from './guidance';
import { expectFinite, joinedForInpainting, keptOutside } from './latents';
import { addNoise } from './schedule/noise';
import type { Schedule } from './schedule/schedule';
import { type StepMemory, scaleInput, step, takesNoise } from './schedule/step';

export interface UnetInputs {
  /** [n, 4 or 9, h, w]. */
  readonly sample: FloatTensor;
  readonly timestep: number;
  /** [n, 77, features], [n, pooled], [n, 5 or 6]. */
  readonly prompt: FloatTensor;
  readonly pooled: FloatTensor;
  readonly timeIds: FloatTensor;
}

/** Noise, or whatever `schedule.prediction` says, [n, 4, h, w]. */
export type Unet = (inputs: UnetInputs) => Promise<FloatTensor>;

/** What a UNet is told besides the latents, for one picture. */
export type Conditions = Pick<UnetInputs, 'prompt' | 'pooled' | 'timeIds'>;

/** How the picture outside the mask is kept: by what the network sees, by putting it back, or not at all. */
export type Inpainting =
  | { readonly kind: '9-channel'; readonly mask: FloatTensor; readonly maskedLatents: FloatTensor }
  | {
      readonly kind: '4-channel';
      readonly mask: FloatTensor;
      /** The picture's latents, without noise. */
      readonly clean: FloatTensor;
      /** The noise that the run began with. */
      readonly noise: FloatTensor;
    }
  | { readonly kind: 'whole-frame' };

export interface Guidance {
  /** Above 1: the negative prompt is run too. */
  readonly scale: number;
  /** 0..1 */
  readonly rescale: number;
  /** One run of both prompts: faster, and twice the memory. */
  readonly together: boolean;
}

export interface Denoising {
  readonly schedule: Schedule;
  /** Steps from..to − 1 of the schedule are executed. */
  readonly to: number;
  readonly positive: Conditions;
  readonly negative: Conditions;
  readonly guidance: Guidance;
  readonly inpainting: Inpainting;
  /** Fresh noise of that many values, for schedules that take it (LCM). */
  readonly draw: (count: number) => Float32Array;
}

/** Where a run stands: before step `next`. Enough to go on from. */
export interface DenoisingState {
  readonly next: number;
  /** [1, 4, h, w] */
  readonly latents: FloatTensor;
  readonly memory: StepMemory;
}

/** A state after a step, with the picture as it is expected to become: latents without noise. */
export interface DenoisedStep extends DenoisingState {
  readonly expected: FloatTensor;
}

/**
 * @param start before the first step that is executed, or any state that was handed out before.
 * @throws AppError GEN_001 (`details.reason` not-finite) when the network gives NaN or infinities; as `unet`; AbortError
 * between steps
 */
export async function* denoise(
  unet: Unet,
  run: Denoising,
  start: DenoisingState,
  signal: AbortSignal,
): AsyncGenerator<DenoisedStep, void, void> {
  const { schedule, to, inpainting } = run;
  let { latents, memory } = start;
  for (let i = start.next; i < to; i += 1) {
    signal.throwIfAborted();
    const scaledData = scaleInput(schedule, i, latents.data);
    const sample = withMask({ data: scaledData, dims: latents.dims }, inpainting);
    const output = await predicted(unet, sample, schedule.timesteps[i]!, run);
    expectFinite(output, `what the network made of step ${i + 1}`);
    const noise = takesNoise(schedule, i) ? run.draw(latents.data.length) : undefined;
    const result = step(schedule, i, latents.data, output.data, memory, noise);
    latents = { data: result.latents, dims: latents.dims };
    if (inpainting.kind === '4-channel') latents = putBack(latents, inpainting, schedule, i, to);
    expectFinite(latents, `latents after step ${i + 1}`);
    memory = result.memory;
    yield { next: i + 1, latents, memory, expected: { data: result.x0, dims: latents.dims } };
  }
}

function withMask(latents: FloatTensor, inpainting: Inpainting): FloatTensor {
  if (inpainting.kind !== '9-channel') return latents;
  return joinedForInpainting(latents, inpainting.mask, inpainting.maskedLatents);
}

/** With guidance, of both prompts. */
async function predicted(
  unet: Unet,
  sample: FloatTensor,
  timestep: number,
  { positive, negative, guidance }: Denoising,
): Promise<FloatTensor> {
  const { scale, rescale, together } = guidance;
  if (scale <= 1) return await unet({ sample, timestep, ...positive });
  if (!together) {
    const without = await unet({ sample, timestep, ...negative });
    return guided(without, await unet({ sample, timestep, ...positive }), scale, rescale);
  }
  // As in diffusers the negative prompt comes first (spec B.9, step 1).
  const both = await unet({
    sample: stacked([sample, sample]),
    timestep,
    prompt: stacked([negative.prompt, positive.prompt]),
    pooled: stacked([negative.pooled, positive.pooled]),
    timeIds: stacked([negative.timeIds, positive.timeIds]),
  });
  const [without, aimed] = unstacked(both, [sample.dims[0]!, sample.dims[0]!]);
  return guided(without!, aimed!, scale, rescale);
}

/** Outside the mask the picture, noised to the step that comes next; clean after the last one. */
function putBack(
  latents: FloatTensor,
  { mask, clean, noise }: Extract<Inpainting, { kind: '4-channel' }>,
  schedule: Schedule,
  i: number,
  to: number,
): FloatTensor {
  const isLast = i + 1 === to;
  const kept = isLast ? clean.data : addNoise(schedule, i + 1, clean.data, noise.data);
  return keptOutside({ data: kept, dims: clean.dims }, mask, latents);
}
