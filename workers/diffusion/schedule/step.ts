/**
 * One step of a run, a pure function: latents at level `i` and what the network said of them → latents at level `i` + 1.
 * Arrays hold any number of pictures, in any shape; they are not written to. Arithmetic is float32, operation by operation
 * as in diffusers.
 */
import { dpmStep } from './dpm';
import { eulerStep } from './euler';
import { expectIndex, expectLength } from './expect';
import { lcmStep } from './lcm';
import { rootOfSquarePlusOne, type Schedule } from './schedule';

/**
 * What a step hands to the next one: DPM++'s x0, null for the others. It is null before the first step that is executed,
 * wherever in the schedule that is. A checkpoint is (i, latents, memory).
 */
export type StepMemory = Float32Array<ArrayBuffer> | null;

export interface StepResult {
  readonly latents: Float32Array<ArrayBuffer>;
  readonly memory: StepMemory;
  /**
   * The picture as it is expected at this step, noise-free, in the VAE's scaled latents: good for a preview. Not to be moved
   * to another thread: with DPM++ it is the memory, too.
   */
  readonly x0: Float32Array<ArrayBuffer>;
}

/** What the network is fed at step `i`. 9-channel models: the latents only, neither the mask nor the masked picture. */
export function scaleInput(schedule: Schedule, i: number, latents: Float32Array): Float32Array<ArrayBuffer> {
  expectIndex(i, schedule.timesteps.length - 1);
  switch (schedule.kind) {
    case 'euler':
    case 'euler-trailing': {
      const deviation = rootOfSquarePlusOne(schedule.sigmas[i]!);
      return latents.map((value) => value / deviation);
    }
    case 'dpm++2m':
    case 'dpm++2m-karras':
    case 'lcm':
      return latents.slice();
  }
}

/** Whether step `i` wants fresh noise: LCM does, but for the schedule's last step. */
export function takesNoise(schedule: Schedule, i: number): boolean {
  return schedule.kind === 'lcm' && i < schedule.timesteps.length - 1;
}

/**
 * @param i 0..N − 1, counted in the whole schedule, whatever part of it the run takes
 * @param latents unscaled
 * @param output the network's, after guidance; what it is, `schedule.prediction` says
 * @param memory of the step before; null at the first that is executed
 * @param noise deviation 1, where `takesNoise`
 * @throws RangeError on another index or length, or where noise is missing
 */
export function step(
  schedule: Schedule,
  i: number,
  latents: Float32Array,
  output: Float32Array,
  memory: StepMemory,
  noise?: Float32Array,
): StepResult {
  expectIndex(i, schedule.timesteps.length - 1);
  expectLength('output', output, latents);
  switch (schedule.kind) {
    case 'euler':
    case 'euler-trailing':
      return { ...eulerStep(schedule, i, latents, output), memory: null };
    case 'dpm++2m':
    case 'dpm++2m-karras': {
      if (memory) expectLength('memory', memory, latents);
      const result = dpmStep(schedule, i, latents, output, memory);
      return { ...result, memory: result.x0 };
    }
    case 'lcm': {
      const wanted = takesNoise(schedule, i);
      if (wanted && !noise) throw new RangeError(`step ${i} of lcm takes noise`);
      if (wanted) expectLength('noise', noise!, latents);
      return { ...lcmStep(schedule, i, latents, output, wanted ? noise! : null), memory: null };
    }
  }
}
