/** One variation of one face, on its way through a network that denoises. */
import type { PaintFace, PaintPhase, PaintRequest, PaintVariation } from '../../src/core/painting';
import type { FloatTensor } from '../ort/tensor';
import { type CheckpointMemory, checkpointKey } from './checkpoints';
import { type Denoising, type DenoisingState, denoise, type Unet } from './denoise';
import type { Pace } from './pace';
import { latentPreview } from './preview';
import { takesNoise } from './schedule/step';

export interface Job {
  readonly face: PaintFace;
  /** Of the face in the request, and of the variation among the face's. */
  readonly index: number;
  readonly place: number;
  readonly variation: PaintVariation;
}

export interface Begun {
  readonly run: Denoising;
  readonly start: DenoisingState;
}

export interface JobTools {
  readonly checkpoints: CheckpointMemory;
  readonly pace: Pace;
  /** Lets a cancel in. @throws AbortError */
  readonly pause: () => Promise<void>;
  readonly signal: AbortSignal;
}

export function jobsOf({ faces }: PaintRequest): readonly Job[] {
  return faces.flatMap((face, index) =>
    face.variations.map((variation, place) => ({ face, index, place, variation })),
  );
}

/** A job where it stands, by what was kept of it. */
export interface Resumed extends Begun {
  /** Null: nothing is kept of it. */
  readonly key: string | null;
  readonly state: DenoisingState;
}

/** @param models revisions of the packs. @param part names the network. */
export async function resume(
  { face, variation }: Job,
  { run, start }: Begun,
  models: readonly string[],
  part: string,
  checkpoints: CheckpointMemory,
): Promise<Resumed> {
  // Where there are no hashes (no secure context) nothing is kept; a memory that fails costs steps, nothing else.
  const key = await checkpointKey(models, face, variation, part).catch(() => null);
  const known = key === null ? null : await checkpoints.get(key).catch(() => null);
  const fits = known && known.next > start.next && known.next <= run.to;
  const state = fits && String(known.latents.dims) === String(start.latents.dims) ? known : start;
  // The generator stands where it stood then.
  for (let i = start.next; i < state.next; i += 1)
    if (takesNoise(run.schedule, i)) run.draw(start.latents.data.length);
  return { run, start, key, state };
}

/** @returns the latents after the last step. @throws as `denoise` */
export async function denoiseJob(
  job: Job,
  { run, key, state }: Resumed,
  unet: Unet,
  phase: PaintPhase,
  { checkpoints, pace, pause, signal }: JobTools,
): Promise<FloatTensor> {
  let { latents } = state;
  await pause();
  for await (const step of denoise(unet, run, state, signal)) {
    latents = step.latents;
    const { next, memory } = step;
    if (key !== null) void checkpoints.put(key, { next, latents, memory }).catch(() => undefined);
    pace.endStep(phase, { face: job.index, picture: latentPreview(step.expected) });
    await pause();
  }
  return latents;
}
