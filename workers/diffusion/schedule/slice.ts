/** Which steps of a schedule a run takes (`get_timesteps` of diffusers' SDXL pipelines). */
import { roundHalfEven } from '../../../src/core/units';
import type { Schedule } from './schedule';
import { TRAIN_TIMESTEPS } from './training';

/** Steps `from` up to, not including, `to`. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

export interface SliceOptions {
  /** How much of the original is given up, 0..1. 1 (the default) takes all steps; 0.9999 of 30 takes 29, as there. */
  readonly strength?: number;
  /** Where another model left off, 0 < share < 1; `strength` is not asked then. Both must count the same steps. */
  readonly denoisingStart?: number;
  /** Where another model takes over, 0 < share < 1. */
  readonly denoisingEnd?: number;
}

/**
 * @throws RangeError when a number is out of its range, when the end is not after the start, or when no step is left
 *   (strength 0.01 of 30 steps)
 */
export function sliceSteps(
  schedule: Schedule,
  { strength = 1, denoisingStart, denoisingEnd }: SliceOptions = {},
): StepRange {
  expectShares(strength, denoisingStart, denoisingEnd);
  const { timesteps } = schedule;
  const from =
    denoisingStart === undefined
      ? timesteps.length - Math.trunc(timesteps.length * strength)
      : timesteps.length - timesteps.filter((t) => t < cutoff(denoisingStart)).length;
  const to =
    denoisingEnd === undefined ? timesteps.length : timesteps.filter((t) => t >= cutoff(denoisingEnd)).length;
  if (from >= to) {
    const asked = JSON.stringify({ strength, denoisingStart, denoisingEnd });
    throw new RangeError(`None of the ${timesteps.length} steps of ${schedule.kind} is left for ${asked}`);
  }
  return { from, to };
}

/** The training timestep at a share of the way from noise to picture. */
function cutoff(share: number): number {
  return roundHalfEven(TRAIN_TIMESTEPS - share * TRAIN_TIMESTEPS);
}

function expectShares(strength: number, start: number | undefined, end: number | undefined): void {
  if (!(strength >= 0 && strength <= 1)) throw new RangeError(`strength is 0..1, not ${strength}`);
  for (const [name, share] of Object.entries({ denoisingStart: start, denoisingEnd: end })) {
    if (share !== undefined && !(share > 0 && share < 1)) {
      throw new RangeError(`${name} lies between 0 and 1, not at ${share}`);
    }
  }
  if (start !== undefined && end !== undefined && start >= end) {
    throw new RangeError(`denoisingStart ${start} must be below denoisingEnd ${end}`);
  }
}
