/** Which of the 1000 training timesteps a run visits, noisiest first. All by the arithmetic of diffusers and numpy. */
import { roundHalfEven } from '../../../src/core/units';
import { TRAIN_TIMESTEPS, trainSigmas } from './training';

/** The steps that LCM distillation knew (`original_inference_steps`): every 20th training timestep. */
export const LCM_STEPS = 50;

/** `steps_offset` of SDXL's own scheduler config. */
export const STEPS_OFFSET = 1;
/** Exponent of Karras et al. 2022, as diffusers has it. */
const RHO = 7;

/** EulerDiscreteScheduler's 'leading': 951, 901 … 51, 1 for 20 steps. 1000 steps begin at 1000, past the tables. */
export function leading(steps: number): number[] {
  const stride = Math.floor(TRAIN_TIMESTEPS / steps);
  return Array.from({ length: steps }, (_, k) => (steps - 1 - k) * stride + STEPS_OFFSET);
}

/** DPMSolverMultistepScheduler's: it spaces one step more and leaves the cleanest out, 941 … 48 for 20 steps. */
export function leadingMultistep(steps: number): number[] {
  const stride = Math.floor(TRAIN_TIMESTEPS / (steps + 1));
  return Array.from({ length: steps }, (_, k) => (steps - k) * stride + STEPS_OFFSET);
}

/**
 * 'trailing', for models distilled to few steps: 999, 749, 499, 249 for 4 steps. round(arange(1000, 0, −1000 / steps)) − 1
 * with numpy's own increment, whose last digits decide halves (48 steps). For 62 step counts (61, 103 …) that range has an
 * entry too many, and diffusers a last timestep of −1; here it is left out.
 */
export function trailing(steps: number): number[] {
  const increment = TRAIN_TIMESTEPS - TRAIN_TIMESTEPS / steps - TRAIN_TIMESTEPS;
  return Array.from({ length: steps }, (_, k) => roundHalfEven(TRAIN_TIMESTEPS + k * increment) - 1);
}

/** Every 20th training timestep, 999 … 19, thinned out evenly: 999, 759, 499, 259 for 4 steps. @param steps 1..50 */
export function lcmSpacing(steps: number): number[] {
  const stride = TRAIN_TIMESTEPS / LCM_STEPS;
  // numpy's linspace multiplies by the increment, which is not the same as dividing last.
  const increment = LCM_STEPS / steps;
  return Array.from({ length: steps }, (_, k) => (LCM_STEPS - Math.floor(k * increment)) * stride - 1);
}

/** σ of Karras et al. 2022 (equation 5) between the ends of the training table, in double precision, noisiest first. */
export function karrasSigmas(steps: number): number[] {
  const low = trainSigmas[0]! ** (1 / RHO);
  const high = trainSigmas[TRAIN_TIMESTEPS - 1]! ** (1 / RHO);
  const increment = steps > 1 ? 1 / (steps - 1) : 0;
  return Array.from({ length: steps }, (_, k) => {
    const along = k > 0 && k === steps - 1 ? 1 : k * increment;
    return (high + along * (low - high)) ** RHO;
  });
}

const logSigmas = trainSigmas.map((sigma) => Math.fround(Math.log(sigma)));

/** The training timestep whose σ is nearest on a logarithmic scale, 0..999. Neighbours may share one. */
export function timestepOf(sigma: number): number {
  const log = Math.log(sigma);
  const above = logSigmas.findIndex((value) => value > log);
  const low = Math.min(Math.max((above < 0 ? TRAIN_TIMESTEPS : above) - 1, 0), TRAIN_TIMESTEPS - 2);
  const [from, to] = [logSigmas[low]!, logSigmas[low + 1]!];
  const weight = Math.min(Math.max((from - log) / Math.fround(from - to), 0), 1);
  return roundHalfEven((1 - weight) * low + weight * (low + 1));
}
