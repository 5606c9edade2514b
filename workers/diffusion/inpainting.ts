/**
 * How an inpainting begins (spec B.7, B.8). Noise comes from one generator, in the order in which diffusers draws it, so
 * that a seed gives what it gives there.
 */
import type { FloatTensor } from '../ort/tensor';
import type { Conditions, Denoising, DenoisingState, Guidance, Inpainting } from './denoise';
import { sampled, scaled } from './latents';
import { latentMask, withoutMasked } from './mask';
import { TorchNoise } from './noise/torchNoise';
import { LATENT_PX } from './picture';
import { addNoise, initialLatents } from './schedule/noise';
import { buildSchedule, type Prediction, type ScheduleKind } from './schedule/schedule';
import { type SliceOptions, sliceSteps } from './schedule/slice';

const CHANNELS = 4;

/** The VAE's encoder: planes [1, 3, H, W] → [1, 4, H / 8, W / 8] each. */
export type Encode = (
  planes: FloatTensor,
) => Promise<{ readonly mean: FloatTensor; readonly logvar: FloatTensor }>;

export interface InpaintingPicture {
  /** −1..1, [1, 3, H, W], both sides multiples of 8 px. */
  readonly planes: FloatTensor;
  /** 1 is painted anew, 0 kept, [1, 1, H, W]. */
  readonly mask: FloatTensor;
  /** `withoutMasked` of both, where it is at hand. */
  readonly masked?: FloatTensor;
  /** Latents that another model left off at, [1, 4, H / 8, W / 8]: nothing is encoded then. For 4 channels. */
  readonly handedOver?: FloatTensor;
}

export interface InpaintingSettings extends SliceOptions {
  readonly kind: ScheduleKind;
  readonly prediction?: Prediction;
  readonly steps: number;
  readonly guidance: Guidance;
  /** 0..4294967295 */
  readonly seed: number;
}

export interface Prompts {
  readonly positive: Conditions;
  readonly negative: Conditions;
}

/**
 * What `denoise` runs, and where it starts.
 * @param channels that the UNet takes: 9 sees mask and masked picture, with 4 the picture is put back after every step.
 * @throws RangeError for settings out of range, and as `encode`
 */
export async function beginInpainting(
  encode: Encode,
  { planes, mask, masked, handedOver }: InpaintingPicture,
  channels: 4 | 9,
  prompts: Prompts,
  settings: InpaintingSettings,
): Promise<{ readonly run: Denoising; readonly start: DenoisingState }> {
  const { kind, prediction = 'epsilon', steps, guidance, seed, strength = 1, denoisingStart } = settings;
  if (handedOver && channels === 9) throw new RangeError('a 9-channel UNet takes a picture, not latents');
  const schedule = buildSchedule({ kind, steps, prediction });
  const { from, to } = sliceSteps(schedule, settings);
  const noiseOf = new TorchNoise(seed);
  const [, , height, width] = planes.dims;
  const dims = [1, CHANNELS, height! / LATENT_PX, width! / LATENT_PX];
  const draw = (count: number) => noiseOf.randn(count);
  const drawn = (): FloatTensor => ({ data: draw(dims.reduce((a, b) => a * b)), dims });
  const latentsOf = async (picture: FloatTensor): Promise<FloatTensor> => {
    const { mean, logvar } = await encode(picture);
    return scaled(sampled(mean, logvar, drawn()));
  };

  const startsFromPicture = strength < 1 || denoisingStart !== undefined;
  const clean = handedOver ?? (channels === 4 || startsFromPicture ? await latentsOf(planes) : null);
  const noise = drawn();
  // With 4 channels nobody reads it, but the generator moves on.
  const maskedLatents = handedOver ? null : await latentsOf(masked ?? withoutMasked(planes, mask));

  const inpainting: Inpainting =
    maskedLatents && channels === 9
      ? { kind: '9-channel', mask: latentMask(mask), maskedLatents }
      : { kind: '4-channel', mask: latentMask(mask), clean: clean!, noise };
  const first = (): Float32Array<ArrayBuffer> => {
    if (!startsFromPicture) return initialLatents(schedule, noise.data);
    // What another model left off at has its noise already.
    return denoisingStart === undefined ? addNoise(schedule, from, clean!.data, noise.data) : clean!.data;
  };
  return {
    run: { schedule, to, ...prompts, guidance, inpainting, draw },
    start: { next: from, latents: { data: first(), dims }, memory: null },
  };
}
