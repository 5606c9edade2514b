import { rootOfSquarePlusOne, type SigmaSchedule } from './schedule';

/** EulerDiscreteScheduler.step without churn: along the line through the expected picture x0. */
export function eulerStep(
  { sigmas, prediction }: SigmaSchedule,
  i: number,
  latents: Float32Array,
  output: Float32Array,
): { readonly latents: Float32Array<ArrayBuffer>; readonly x0: Float32Array<ArrayBuffer> } {
  const sigma = sigmas[i]!;
  const distance = Math.fround(sigmas[i + 1]! - sigma);
  const x0 =
    prediction === 'epsilon' ? fromNoise(sigma, latents, output) : fromVelocity(sigma, latents, output);
  const next = new Float32Array(latents.length);
  for (let k = 0; k < next.length; k += 1) {
    const slope = Math.fround(Math.fround(latents[k]! - x0[k]!) / sigma);
    next[k] = latents[k]! + Math.fround(slope * distance);
  }
  return { latents: next, x0 };
}

function fromNoise(sigma: number, latents: Float32Array, epsilon: Float32Array): Float32Array<ArrayBuffer> {
  return latents.map((x, k) => x - Math.fround(sigma * epsilon[k]!));
}

function fromVelocity(sigma: number, latents: Float32Array, v: Float32Array): Float32Array<ArrayBuffer> {
  const share = Math.fround(-sigma / rootOfSquarePlusOne(sigma));
  const variance = Math.fround(Math.fround(sigma * sigma) + 1);
  return latents.map((x, k) => Math.fround(v[k]! * share) + Math.fround(x / variance));
}
