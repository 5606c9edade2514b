/**
 * All faces and all variations through each network while it is loaded, once:
 * text encoders → picture encoder → base → refiner → picture decoder. A refiner that goes over the finished picture comes last, with
 * the decoder and the encoder before it, and the decoder again behind it.
 */
import type { PaintedFace, PainterNetwork, PaintPhase, PaintRequest } from '../../src/core/painting';
import type { Raster } from '../../src/core/raster';
import type { FloatTensor, Tensors } from '../ort/tensor';
import { Attempts } from './attempts';
import { type Beginning, beginAfter, beginBase, beginOver, type Packs } from './begin';
import { type Canvas, candidateOf, canvasOf } from './canvas';
import { decodeOf, encodeOf, textEncoderOf, unetOf } from './graphs';
import type { Encode } from './inpainting';
import { inStep } from './inStep';
import { type Begun, denoiseJob, type Job, type JobTools, jobsOf, type Resumed, resume } from './job';
import { expectFinite, unscaled } from './latents';
import type { PainterNetworks } from './networks';
import { pictureOf, planesOf } from './picture';
import { encodePrompts } from './texts';
import { tiledDecode, tiledEncode } from './tiles';
import type { ClipTokenizer } from './tokenizer';

export interface PaintModel extends Packs {
  /** Of the packs. */
  readonly revisions: readonly string[];
  readonly tokenizers: { readonly first: ClipTokenizer; readonly second: ClipTokenizer };
}

export interface PaintTools extends JobTools {
  readonly networks: PainterNetworks;
}

/** @param request that `expectPaintable` lets through. @throws AppError as `PainterEngine.paint`; AbortError */
export async function paint(
  request: PaintRequest,
  model: PaintModel,
  tools: PaintTools,
): Promise<readonly PaintedFace[]> {
  const { plan, faces } = request;
  const { networks, checkpoints, pace, pause } = tools;
  const jobs = jobsOf(request);
  const attempts = new Attempts<Job>();
  const keys: string[] = [];
  const runs = (name: PainterNetwork) => async (feeds: Tensors) => {
    const outputs = await networks.run(name, feeds);
    pace.goOn();
    return outputs;
  };
  const release = () => networks.keep(plan.keeps);

  const encode: Encode = (planes) => tiledEncode(encodeOf(runs('vae_encoder')), planes);
  const encodeOnce = remembering(encode);
  const begin = (which: Iterable<Job>, part: 'base' | 'refiner', work: (job: Job) => Promise<Begun>) =>
    attempts.each(which, async (job) => {
      await pause();
      const resumed = await resume(job, await work(job), model.revisions, part, checkpoints);
      pace.skip(resumed.state.next - resumed.start.next);
      if (resumed.key !== null) keys.push(resumed.key);
      return resumed;
    });
  const denoise = (begun: ReadonlyMap<Job, Resumed>, name: 'unet' | 'refiner', phase: PaintPhase) =>
    attempts.inGroups(begun.keys(), plan.pictures, (group) => {
      const members = inStep(unetOf(runs(name)), group.length);
      pace.inStep(group.length);
      return group.map((job, i) =>
        denoiseJob(job, begun.get(job)!, members[i]!.unet, phase, tools).finally(members[i]!.leave),
      );
    });
  const develop = (latents: ReadonlyMap<Job, FloatTensor>) =>
    attempts.each(latents.keys(), async (job): Promise<Raster<'paint'>> => {
      await pause();
      const planes = await tiledDecode(decodeOf(runs('vae_decoder')), unscaled(latents.get(job)!));
      expectFinite(planes, 'the decoded picture');
      return pictureOf(planes);
    });

  pace.tell('reading');
  const canvases = new Map<number, Canvas>();
  const canvasFor = ({ face, index }: Job): Canvas => {
    const canvas = canvases.get(index) ?? canvasOf(face);
    canvases.set(index, canvas);
    return canvas;
  };
  const words = jobs.map(({ variation }) => variation);
  const refined = jobs.filter(({ face }) => face.settings.refiner).map(({ variation }) => variation);
  const texts = await encodePrompts(
    words.flatMap(({ prompt, negativePrompt }) => [prompt, negativePrompt]),
    refined.flatMap(({ refinerPrompt, refinerNegativePrompt }) => [refinerPrompt, refinerNegativePrompt]),
    {
      tokenizers: model.tokenizers,
      first: textEncoderOf(runs('text_encoder')),
      second: textEncoderOf(runs('text_encoder_2')),
      turn: release,
    },
    pause,
  );
  await release();
  const beginning: Beginning = { ...model, texts, together: plan.together };

  const begun = await begin(jobs, 'base', (job) => beginBase(job, canvasFor(job), encodeOnce, beginning));
  await release();
  let latents = await denoise(begun, 'unet', 'painting');
  await release();

  const handing = refinedBy('latents', latents);
  const taken = await begin(handing, 'refiner', (job) =>
    beginAfter(job, latents.get(job)!, canvasFor(job), encode, beginning),
  );
  latents = merged(latents, handing, await denoise(taken, 'refiner', 'refining'));
  await release();

  pace.tell('developing');
  let pictures = await develop(latents);
  await release();

  const going = refinedBy('picture', pictures);
  const over = await begin(going, 'refiner', (job) =>
    beginOver(job, planesOf(pictures.get(job)!), canvasFor(job), encode, beginning),
  );
  await release();
  const gone = await denoise(over, 'refiner', 'refining');
  await release();
  pictures = merged(pictures, going, await develop(gone));
  await release();

  const candidates = await attempts.each(pictures.keys(), async (job) => {
    await pause();
    return candidateOf(pictures.get(job)!, job.face, job.variation, job.place);
  });
  // All is in hand: what was kept in case of a loss may go.
  await checkpoints.drop(keys).catch(() => undefined);
  return faces.map((_, index) => {
    const own = jobs.filter((job) => job.index === index);
    return {
      candidates: own.flatMap((job) => candidates.get(job) ?? []),
      failures: own.flatMap((job) => attempts.failureOf(job) ?? []),
      cut: cutOf(own, model),
    };
  });
}

/** What the first prompt that was too long has left out. */
function cutOf(jobs: readonly Job[], { tokenizers }: PaintModel): string {
  const prompts = jobs.flatMap(({ face, variation }) => [
    variation.prompt,
    variation.negativePrompt,
    ...(face.settings.refiner ? [variation.refinerPrompt, variation.refinerNegativePrompt] : []),
  ]);
  const cut = (prompt: string) => tokenizers.first(prompt).cut || tokenizers.second(prompt).cut;
  return prompts.map(cut).find((words) => words) ?? '';
}

function refinedBy(by: 'latents' | 'picture', jobs: ReadonlyMap<Job, unknown>): readonly Job[] {
  return [...jobs.keys()].filter(({ face }) => face.settings.refiner?.by === by);
}

/** What went on is what came of it, or nothing when it failed. */
function merged<T>(
  all: ReadonlyMap<Job, T>,
  going: readonly Job[],
  gone: ReadonlyMap<Job, T>,
): ReadonlyMap<Job, T> {
  const rest = [...all].filter(([job]) => !going.includes(job));
  return new Map([...rest, ...gone]);
}

/** The variations of a face begin from the same pictures. */
function remembering(encode: Encode): Encode {
  const known = new Map<Float32Array, ReturnType<Encode>>();
  return (planes) => {
    const encoded = known.get(planes.data) ?? encode(planes);
    known.set(planes.data, encoded);
    return encoded;
  };
}
