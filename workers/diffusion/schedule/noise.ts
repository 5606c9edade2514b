/** Noise of a schedule's levels: what a run starts with, and what the kept part of a picture gets at each step. */
import { expectIndex, expectLength } from './expect';
import { rootOfSquarePlusOne, type Schedule } from './schedule';

/** What a run from nothing but noise (strength 1) starts with. @param noise deviation 1 */
export function initialLatents(schedule: Schedule, noise: Float32Array): Float32Array<ArrayBuffer> {
  return noise.map((value) => value * schedule.initNoiseSigma);
}

/**
 * Clean latents with the noise that step `i` begins with; at `i` = N, after the last step, it is none. By index, never by
 * timestep: Karras' timesteps may repeat.
 * @param i 0..N; at strength < 1 a run starts with that of its first step
 * @param noise deviation 1, as many values as `clean`
 * @throws RangeError on another index or length
 */
export function addNoise(
  schedule: Schedule,
  i: number,
  clean: Float32Array,
  noise: Float32Array,
): Float32Array<ArrayBuffer> {
  expectIndex(i, schedule.timesteps.length);
  expectLength('noise', noise, clean);
  const { picture, noise: share } = sharesAt(schedule, i);
  const out = new Float32Array(clean.length);
  for (let k = 0; k < out.length; k += 1) {
    out[k] = Math.fround(picture * clean[k]!) + Math.fround(share * noise[k]!);
  }
  return out;
}

/** What the latents at step `i` are made of, float32. Euler keeps the picture whole, the others keep the variance. */
function sharesAt(schedule: Schedule, i: number): { readonly picture: number; readonly noise: number } {
  const sigma = schedule.sigmas[i]!;
  switch (schedule.kind) {
    case 'euler':
    case 'euler-trailing':
      return { picture: 1, noise: sigma };
    case 'dpm++2m':
    case 'dpm++2m-karras':
      return variancePreserving(sigma);
    case 'lcm':
      return rootsOf(schedule.alphasCumprod[i] ?? 1);
  }
}

/** α = 1 / √(σ² + 1) and σ·α, float32: DPM-Solver's terms for a noise level. */
export function variancePreserving(sigma: number): { readonly picture: number; readonly noise: number } {
  const picture = Math.fround(1 / rootOfSquarePlusOne(sigma));
  return { picture, noise: Math.fround(sigma * picture) };
}

/** √ᾱ and √(1 − ᾱ), float32. */
export function rootsOf(alphaCumprod: number): { readonly picture: number; readonly noise: number } {
  return {
    picture: Math.fround(Math.sqrt(alphaCumprod)),
    noise: Math.fround(Math.sqrt(Math.fround(1 - alphaCumprod))),
  };
}
