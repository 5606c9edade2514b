/**
 * The noise that SDXL was trained with: 1000 timesteps, betas `scaled_linear` from 0.00085 to 0.012. Betas and ᾱ are the
 * float32 tables of diffusers 0.36, bit for bit; its σ are a unit in the last place off at times, since torch's vector
 * square root is not correctly rounded.
 */

/** `num_train_timesteps`. Timesteps are 0 (nearly clean) to 999 (nearly noise). */
export const TRAIN_TIMESTEPS = 1000;

export const BETA_START = 0.00085;
export const BETA_END = 0.012;

/** The variance that each training timestep adds, float32 [1000], rising. */
export const trainBetas: readonly number[] = scaledLinear();

/** ᾱ, the share of the picture's variance left at each training timestep, float32 [1000], falling: 0.99915 to 0.00466. */
export const trainAlphasCumprod: readonly number[] = cumulativeAlphas(trainBetas);

/** σ = √((1 − ᾱ) / ᾱ), noise per picture at each training timestep, float32 [1000], rising: 0.0292 to 14.61. */
export const trainSigmas: readonly number[] = trainAlphasCumprod.map((alpha) =>
  Math.fround(Math.sqrt(Math.fround(Math.fround(1 - alpha) / alpha))),
);

/** `torch.linspace(√start, √end, 1000) ** 2`. torch counts the upper half from the end and fuses multiply and add. */
function scaledLinear(): number[] {
  const start = Math.fround(Math.sqrt(BETA_START));
  const end = Math.fround(Math.sqrt(BETA_END));
  const last = TRAIN_TIMESTEPS - 1;
  const step = Math.fround(Math.fround(end - start) / last);
  return Array.from({ length: TRAIN_TIMESTEPS }, (_, i) => {
    // Exact in double precision, so that rounding it once is what the fused operation does.
    const root = Math.fround(i < TRAIN_TIMESTEPS / 2 ? start + step * i : end - step * (last - i));
    return Math.fround(root * root);
  });
}

/** `torch.cumprod(1 - betas)`: the running product is kept in double precision, each entry is rounded. */
function cumulativeAlphas(betas: readonly number[]): number[] {
  let product = 1;
  return betas.map((beta) => {
    product *= Math.fround(1 - beta);
    return Math.fround(product);
  });
}
