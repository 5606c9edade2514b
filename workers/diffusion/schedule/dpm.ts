/** DPM-Solver++(2M), midpoint (Lu et al. 2022), as DPMSolverMultistepScheduler has it with `final_sigmas_type` zero. */
import { variancePreserving } from './noise';
import type { SigmaSchedule } from './schedule';

/**
 * Second order where there is an x0 of the step before, first order else; the schedule's last step is first order whatever
 * it has, since it ends at σ = 0 and is x0 itself.
 */
export function dpmStep(
  { sigmas, prediction }: SigmaSchedule,
  i: number,
  latents: Float32Array,
  output: Float32Array,
  x0Before: Float32Array | null,
): { readonly latents: Float32Array<ArrayBuffer>; readonly x0: Float32Array<ArrayBuffer> } {
  const here = variancePreserving(sigmas[i]!);
  const there = variancePreserving(sigmas[i + 1]!);
  const x0 =
    prediction === 'epsilon'
      ? latents.map((x, k) => Math.fround(x - Math.fround(here.noise * output[k]!)) / here.picture)
      : latents.map((x, k) => Math.fround(here.picture * x) - Math.fround(here.noise * output[k]!));
  const h = Math.fround(logRatio(there) - logRatio(here));
  const keep = Math.fround(there.noise / here.noise);
  const turn = Math.fround(there.picture * Math.fround(Math.fround(Math.exp(-h)) - 1));
  const next = new Float32Array(latents.length);
  if (!x0Before || i === sigmas.length - 2) {
    for (let k = 0; k < next.length; k += 1) {
      next[k] = Math.fround(keep * latents[k]!) - Math.fround(turn * x0[k]!);
    }
    return { latents: next, x0 };
  }
  const hBefore = Math.fround(logRatio(here) - logRatio(variancePreserving(sigmas[i - 1]!)));
  const perRatio = Math.fround(1 / Math.fround(hBefore / h));
  for (let k = 0; k < next.length; k += 1) {
    const change = Math.fround(perRatio * Math.fround(x0[k]! - x0Before[k]!));
    const first = Math.fround(Math.fround(keep * latents[k]!) - Math.fround(turn * x0[k]!));
    next[k] = first - Math.fround(0.5 * turn * change);
  }
  return { latents: next, x0 };
}

/** λ, the logarithm of picture per noise, float32; infinite where there is no noise. */
function logRatio({ picture, noise }: { readonly picture: number; readonly noise: number }): number {
  return Math.fround(Math.fround(Math.log(picture)) - Math.fround(Math.log(noise)));
}
