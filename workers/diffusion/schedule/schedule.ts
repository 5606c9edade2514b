/**
 * A schedule is plain data: the noise levels a run goes through, noisiest first. It crosses workers and goes to disk with a
 * checkpoint as it is. What is done with it is in `step.ts` and `noise.ts`; which part of it a run takes, in `slice.ts`.
 *
 * Numbers are those of diffusers 0.36 with SDXL's scheduler config (`scaled_linear` 0.00085..0.012, offset 1).
 */
import {
  karrasSigmas,
  LCM_STEPS,
  lcmSpacing,
  leading,
  leadingMultistep,
  timestepOf,
  trailing,
} from './spacing';
import { TRAIN_TIMESTEPS, trainAlphasCumprod, trainSigmas } from './training';

/**
 * - `euler`: EulerDiscreteScheduler, leading; SDXL's own.
 * - `euler-trailing`: the same, trailing; SDXL-Lightning in 2..8 steps. SDXL-Turbo's own is EulerAncestralDiscreteScheduler,
 *   trailing, which is the same for one step only: with more it draws noise, and this does not.
 * - `dpm++2m`, `dpm++2m-karras`: DPMSolverMultistepScheduler, order 2, midpoint; leading, or with Karras' σ.
 * - `lcm`: LCMScheduler; models and LoRAs distilled to a few steps.
 */
export type ScheduleKind = 'euler' | 'euler-trailing' | 'dpm++2m' | 'dpm++2m-karras' | 'lcm';

/** What the network's output is (`prediction_type`): the noise ε, or the velocity v = √ᾱ·ε − √(1 − ᾱ)·x0. */
export type Prediction = 'epsilon' | 'v_prediction';

interface Levels {
  readonly prediction: Prediction;
  /** What the network is told at each step, N numbers, never rising; the last ones may repeat (`dpm++2m-karras`). */
  readonly timesteps: readonly number[];
  /** Noise per picture at each step, float32, falling; N + 1 numbers, the last one 0. */
  readonly sigmas: readonly number[];
  /** Deviation of the latents that a run from nothing but noise starts with, float32. */
  readonly initNoiseSigma: number;
}

export interface SigmaSchedule extends Levels {
  readonly kind: Exclude<ScheduleKind, 'lcm'>;
}

export interface LcmSchedule extends Levels {
  readonly kind: 'lcm';
  /** ᾱ at each step, N numbers, float32, rising. */
  readonly alphasCumprod: readonly number[];
}

export type Schedule = SigmaSchedule | LcmSchedule;

export interface ScheduleOptions {
  readonly kind: ScheduleKind;
  /** Steps of a whole run, before anything is cut off. @see mostSteps */
  readonly steps: number;
  /** Default: epsilon. */
  readonly prediction?: Prediction;
}

/**
 * The most steps a kind allows; the fewest is 1. `dpm++2m` spaces one more than it takes: 999 would begin at 1000, past the
 * tables, with two equal σ, and divide by their difference (diffusers then makes NaN).
 */
export const mostSteps: Readonly<Record<ScheduleKind, number>> = {
  euler: TRAIN_TIMESTEPS,
  'euler-trailing': TRAIN_TIMESTEPS,
  'dpm++2m': TRAIN_TIMESTEPS - 2,
  'dpm++2m-karras': TRAIN_TIMESTEPS,
  lcm: LCM_STEPS,
};

/** @throws RangeError when `steps` is not a whole number in the range of the kind; it says the range */
export function buildSchedule({ kind, steps, prediction = 'epsilon' }: ScheduleOptions): Schedule {
  if (!Number.isInteger(steps) || steps < 1 || steps > mostSteps[kind]) {
    throw new RangeError(`${kind} takes 1..${mostSteps[kind]} whole steps, not ${steps}`);
  }
  switch (kind) {
    case 'euler': {
      const timesteps = leading(steps);
      const sigmas = sigmasAt(timesteps);
      return { kind, prediction, timesteps, sigmas, initNoiseSigma: rootOfSquarePlusOne(sigmas[0]!) };
    }
    case 'euler-trailing': {
      const timesteps = trailing(steps);
      const sigmas = sigmasAt(timesteps);
      return { kind, prediction, timesteps, sigmas, initNoiseSigma: sigmas[0]! };
    }
    case 'dpm++2m': {
      const timesteps = leadingMultistep(steps);
      return { kind, prediction, timesteps, sigmas: sigmasAt(timesteps), initNoiseSigma: 1 };
    }
    case 'dpm++2m-karras': {
      const exact = karrasSigmas(steps);
      const sigmas = [...exact.map(Math.fround), 0];
      return { kind, prediction, timesteps: exact.map(timestepOf), sigmas, initNoiseSigma: 1 };
    }
    case 'lcm': {
      const timesteps = lcmSpacing(steps);
      const alphasCumprod = timesteps.map((t) => trainAlphasCumprod[t]!);
      return { kind, prediction, timesteps, sigmas: sigmasAt(timesteps), alphasCumprod, initNoiseSigma: 1 };
    }
  }
}

/** √(σ² + 1) in float32: the deviation of a picture of deviation 1 with noise σ. */
export function rootOfSquarePlusOne(sigma: number): number {
  return Math.fround(Math.sqrt(Math.fround(Math.fround(sigma * sigma) + 1)));
}

function sigmasAt(timesteps: readonly number[]): number[] {
  return [...timesteps.map((t) => trainSigmas[Math.min(t, TRAIN_TIMESTEPS - 1)]!), 0];
}
