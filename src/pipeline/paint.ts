/** Stage `paint` for faces that have no eyes to borrow, or are to get new ones: all of them in one call. */
import { AppError, unlessAborted } from '../core/errors';
import type { Face } from '../core/face';
import type { Rect, Space } from '../core/geometry';
import { PAINTER_PACKS, type PaintedFace, type PaintFace, type PaintPlan } from '../core/painting';
import type { CropFrame } from '../core/photo';
import type { Raster } from '../core/raster';
import type { Choice, RunEvent } from '../core/run';
import type { Engines } from '../engines/contracts';
import { type IrisFound, irisOf } from './irisOf';
import type { Painter } from './painter';
import { type PaintOrder, planPainting, smallerPlan, weightsOf } from './paintPlan';
import { paintedPart, paintFace, paintFrame } from './paintRequest';
import type { RunRequest } from './request';
import { hasRoomForIris, picturesOf } from './wording';

export interface CroppedFace {
  readonly choice: Choice;
  readonly frame: CropFrame;
}

export interface PaintedEyes extends PaintedFace {
  /** The prompt has room for the colour of the eyes, and nothing tells it. */
  readonly irisLeftOut: boolean;
}

/** Down to the smallest plan, and once more: a device may be lost for reasons that a smaller one does not take away. */
const MOST_LOSSES = 6;
/** Each is a long wait: a GPU that stopped answering twice is not asked again. */
const MOST_SILENCES = 2;

interface Preparation extends CroppedFace {
  readonly part: Rect<'crop'>;
  readonly iris: IrisFound | null;
}

/**
 * One answer a face, in order. A painter that was lost or had too little memory goes on with a smaller plan, from
 * where it was.
 * @throws AppError as `PainterEngine.paint`; AbortError
 */
export async function paint(
  faces: readonly CroppedFace[],
  painter: Painter,
  request: RunRequest,
  engines: Engines,
  signal: AbortSignal,
  emit: (event: RunEvent) => void,
): Promise<readonly PaintedEyes[]> {
  const order = orderOf(painter, request, faces.length);
  const prepared: Preparation[] = [];
  for (const { choice, frame } of faces) {
    const iris = await irisOf(choice.face, choice.sides, request, engines, signal).catch(
      // What is not known is left out; that is no reason not to paint.
      unlessAborted(null),
    );
    prepared.push({ choice, frame, iris, part: paintedPart(choice.face, frame, request.config.crop) });
  }
  const parts = prepared.map(({ choice, part }) => ({ face: choice.face.index, part }));
  let plan = planPainting(painter.facts, order);
  let silences = 0;
  for (let losses = 1; ; losses += 1) {
    const asked = { plan, faces: await cutAll(prepared, plan, request, engines, signal) };
    try {
      const result = await engines.painter.paint(asked, signal, (news) =>
        emit({ type: 'painting', faces: parts, news }),
      );
      return result.faces.map((face, i) => ({
        ...face,
        irisLeftOut: !prepared[i]!.iris && hasRoomForIris(promptFor(prepared[i]!.choice.face, request)),
      }));
    } catch (error) {
      const smaller = smallerPlan(plan, order);
      if (!isLost(error) || losses === MOST_LOSSES) throw error;
      if (error.details['reason'] === 'silent') silences += 1;
      if (silences === MOST_SILENCES) throw error;
      if (!smaller && isFull(error)) throw tooSmall(error);
      plan = smaller ?? plan;
    }
  }
}

/** Only the pixels depend on the plan. */
async function cutAll(
  prepared: readonly Preparation[],
  { sidePx }: PaintPlan,
  request: RunRequest,
  engines: Engines,
  signal: AbortSignal,
): Promise<readonly PaintFace[]> {
  const frames = prepared.map(({ frame, part }) => paintFrame(frame, part, sidePx));
  const squares = await engines.photo.cut(request.self.photo.id, frames, signal);
  return prepared.map(({ choice, frame, part, iris }, i) => ({
    ...paintFace(choice.face, choice.sides, frame, part, iris, request),
    // Cut by a frame of its own.
    picture: squares[i]! as Raster<Space> as Raster<'paint'>,
  }));
}

/**
 * @param faces that are painted in one run
 * @throws AppError model-missing (`details.pack`) when the settings want a refiner that is not here.
 */
export function orderOf(
  { base, refiner }: Painter,
  { config }: Pick<RunRequest, 'config'>,
  faces = 1,
): PaintOrder {
  const { generation } = config;
  if (config.refiner.enabled && !refiner) {
    throw new AppError('model-missing', 'the refiner is not on this computer', {
      pack: PAINTER_PACKS.refiner,
    });
  }
  return {
    weights: weightsOf(base, refiner),
    half: base.gpu?.features.includes('shader-f16') ?? false,
    guided: generation.guidanceScale > 1,
    refiner: config.refiner.enabled ? config.refiner.by : 'none',
    pictures: faces * picturesOf(config),
    sidePx: generation.paintedSize,
  };
}

function promptFor({ index }: Face, { config, paintWishes }: RunRequest): string {
  return paintWishes?.get(index)?.prompt ?? config.generation.prompt;
}

function isLost(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'engine-lost' && error.details['engine'] === 'painter';
}

function isFull({ details }: AppError): boolean {
  return details['reason'] === 'out-of-memory';
}

function tooSmall(cause: AppError): AppError {
  const details = { pack: PAINTER_PACKS.base };
  return new AppError('gpu-too-small', 'the smallest plan does not fit the GPU', details, { cause });
}
