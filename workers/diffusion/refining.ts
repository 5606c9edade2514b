/**
 * How a refiner begins over the whole frame, without a mask (spec B.11), as diffusers' StableDiffusionXLImg2ImgPipeline. What
 * was not to change is put back in pixels afterwards.
 */
import type { FloatTensor } from '../ort/tensor';
import type { Denoising, DenoisingState } from './denoise';
import type { Encode, InpaintingSettings, Prompts } from './inpainting';
import { sampled, scaled } from './latents';
import { TorchNoise } from './noise/torchNoise';
import { addNoise } from './schedule/noise';
import { buildSchedule } from './schedule/schedule';
import { type SliceOptions, sliceSteps } from './schedule/slice';

export type RefiningSettings = Omit<InpaintingSettings, keyof SliceOptions>;

interface Begun {
  readonly run: Denoising;
  readonly start: DenoisingState;
}

/**
 * From a picture: its latents, with the noise of the step that the run starts at.
 * @param planes −1..1, [1, 3, H, W], both sides multiples of 8 px
 * @param settings.strength 0..1, the share of the steps; diffusers' default is 0.3. Also 1 starts from the picture.
 * @throws RangeError for settings out of range, and as `encode`
 */
export async function beginRefining(
  encode: Encode,
  planes: FloatTensor,
  prompts: Prompts,
  settings: RefiningSettings & { readonly strength: number },
): Promise<Begun> {
  const noise = new TorchNoise(settings.seed);
  const { run, from } = wholeFrame(prompts, settings, noise);
  const { mean, logvar } = await encode(planes);
  const drawn = (): FloatTensor => ({ data: noise.randn(mean.data.length), dims: mean.dims });
  const clean = scaled(sampled(mean, logvar, drawn()));
  const data = addNoise(run.schedule, from, clean.data, drawn().data);
  return { run, start: { next: from, latents: { data, dims: clean.dims }, memory: null } };
}

/**
 * From latents that a base left off at, noise and all: for a base of 9 channels, whose latents are noisy everywhere. After
 * one of 4 channels `beginInpainting` with `handedOver` keeps the mask.
 * @param latents [1, 4, h, w], in the scheduler's scale
 * @param settings.denoisingStart the base's `denoisingEnd`; both must count the same steps
 * @throws RangeError for settings out of range
 */
export function beginTakingOver(
  latents: FloatTensor,
  prompts: Prompts,
  settings: RefiningSettings & { readonly denoisingStart: number },
): Begun {
  const { run, from } = wholeFrame(prompts, settings, new TorchNoise(settings.seed));
  return { run, start: { next: from, latents, memory: null } };
}

function wholeFrame(
  prompts: Prompts,
  settings: InpaintingSettings,
  noise: TorchNoise,
): { readonly run: Denoising; readonly from: number } {
  const { kind, prediction = 'epsilon', steps, guidance } = settings;
  const schedule = buildSchedule({ kind, steps, prediction });
  const { from, to } = sliceSteps(schedule, settings);
  const draw = (count: number) => noise.randn(count);
  return { run: { schedule, to, ...prompts, guidance, inpainting: { kind: 'whole-frame' }, draw }, from };
}
