/** Latent consistency models (Luo et al. 2023), as LCMScheduler has it. */
import { rootsOf } from './noise';
import type { LcmSchedule } from './schedule';

/** `timestep_scaling` and σ_data² of the boundary conditions. */
export const TIMESTEP_SCALING = 10;
const DATA_VARIANCE = 0.25;

/** The expected picture, noised again to the next level; the last step (null for noise) ends with the picture. */
export function lcmStep(
  { timesteps, alphasCumprod, prediction }: LcmSchedule,
  i: number,
  latents: Float32Array,
  output: Float32Array,
  noise: Float32Array | null,
): { readonly latents: Float32Array<ArrayBuffer>; readonly x0: Float32Array<ArrayBuffer> } {
  const here = rootsOf(alphasCumprod[i]!);
  const { skip, out } = boundary(timesteps[i]!);
  const x0 = new Float32Array(latents.length);
  for (let k = 0; k < x0.length; k += 1) {
    const predicted =
      prediction === 'epsilon'
        ? Math.fround(latents[k]! - Math.fround(here.noise * output[k]!)) / here.picture
        : Math.fround(here.picture * latents[k]!) - Math.fround(here.noise * output[k]!);
    x0[k] = Math.fround(out * Math.fround(predicted)) + Math.fround(skip * latents[k]!);
  }
  if (!noise) return { latents: x0.slice(), x0 };
  const there = rootsOf(alphasCumprod[i + 1]!);
  const next = x0.map(
    (value, k) => Math.fround(there.picture * value) + Math.fround(there.noise * noise[k]!),
  );
  return { latents: next, x0 };
}

/** c_skip and c_out, float32: how much of the latents and of the prediction makes the picture; nearly 0 and 1. */
function boundary(timestep: number): { readonly skip: number; readonly out: number } {
  const scaled = TIMESTEP_SCALING * timestep;
  const sum = Math.fround(Math.fround(scaled * scaled) + DATA_VARIANCE);
  return { skip: Math.fround(DATA_VARIANCE / sum), out: Math.fround(scaled / Math.fround(Math.sqrt(sum))) };
}
