/** Stage `restore` for one face: restored, laid down, looked at again, and kept only if the person and the eyes are still the same. */
import { AppError } from '../core/errors';
import type { Face, Side } from '../core/face';
import { invert, scaleOf } from '../core/geometry';
import type { CropFrame, Placement } from '../core/photo';
import type { Raster } from '../core/raster';
import type { Laid, RestoredSquare, RestoreExtent, RestoreNote, RestoreObjection } from '../core/restoration';
import type { Restoration } from '../core/run';
import { REFERENCE_SIDE_PX } from '../core/units';
import type { Engines } from '../engines/contracts';
import { alignFace } from './alignFace';
import { coloursOf } from './irisOf';
import { lookAgain } from './lookAgain';
import type { RunRequest } from './request';
import { type FaceLook, objectionTo } from './restoreGuard';

/** What is to be restored, and how much of it. */
export interface ToRestore {
  readonly face: Face;
  readonly extent: RestoreExtent;
  /** What lies over the photo for the face; null: nothing. */
  readonly under: Laid | null;
}

export interface RestoredFace {
  readonly restoration: Restoration;
  /** Null: what lay there still does. */
  readonly placement: Placement | null;
}

/** Runs the network. */
export type Restore = (square: Raster<'crop'>, fidelity: number) => Promise<RestoredSquare>;

/** What the reference sees outside the photo. */
const OUTSIDE = { red: 132, green: 133, blue: 135 };
/** CodeFormer was trained on faces shrunk by up to 12 (its paper, section 4.1). */
const MOST_ENLARGED = 12;
/** Beyond, what the network draws is too coarse for the photo. */
const MOST_SHRUNK = 4;

/**
 * Where the guard objects, once more as near to the face as the network can; then nothing is kept.
 * @throws AppError of the engines; AbortError. What lay there before lies there again then.
 */
export async function restoreFace(
  { face, extent, under }: ToRestore,
  restore: Restore,
  request: RunRequest,
  engines: Engines,
  signal: AbortSignal,
): Promise<RestoredFace> {
  const frame = restorationFrame(face);
  const because = misfit(frame);
  if (because) return kept({ outcome: 'left-alone', because });
  const { photo } = engines;
  const { id } = request.self.photo;
  const putBack = async () => {
    const anyway = new AbortController().signal;
    if (under) await photo.place(id, face.index, under.frame, under.square, anyway);
    else await photo.undo(id, face.index, anyway);
  };
  const look = () => lookOf(face, request, engines, signal);
  const [square] = await photo.cutPlaced(id, [frame], signal);
  const before = await look();
  const { fidelity: wanted } = request.config.restoration;
  let objection: RestoreObjection | null = null;
  for (const fidelity of wanted < 1 ? [wanted, 1] : [1]) {
    const restored = await restore(square!, fidelity);
    const laid = await photo.fitRestored(
      id,
      face.index,
      frame,
      restored,
      extent,
      request.config.blend,
      signal,
    );
    if (!laid) break;
    try {
      const placement = await photo.place(id, face.index, laid.frame, laid.square, signal);
      const against = objectionTo(before, await look(), restored.movedCodes);
      if (!against) {
        return { restoration: { note: { outcome: 'restored', fidelity, objection }, laid }, placement };
      }
      objection ??= against;
      await putBack();
    } catch (error) {
      await putBack().catch(() => undefined);
      throw error;
    }
    if (restored.fixed) break;
  }
  return kept(
    objection ? { outcome: 'refused', objection } : { outcome: 'left-alone', because: 'nothing-there' },
  );
}

/** @throws AppError CROP_001 when the five points do not span a face */
export function restorationFrame(face: Face): CropFrame {
  try {
    const { toSquare } = alignFace(face.points, 'lmeds');
    return { sidePx: REFERENCE_SIDE_PX, toCrop: toSquare, toPhoto: invert(toSquare), reference: OUTSIDE };
  } catch (cause) {
    throw new AppError('CROP_001', 'the five points do not span a face', { face: face.index }, { cause });
  }
}

function misfit({ toCrop }: CropFrame): 'too-small' | 'too-large' | null {
  const enlarged = scaleOf(toCrop);
  if (enlarged > MOST_ENLARGED) return 'too-small';
  return enlarged < 1 / MOST_SHRUNK ? 'too-large' : null;
}

/** The face as it looks now. @throws as the engines; AbortError */
export async function lookOf(
  face: Face,
  request: RunRequest,
  { photo, vision }: Pick<Engines, 'photo' | 'vision'>,
  signal: AbortSignal,
): Promise<FaceLook> {
  const { mesh, eyes, verdicts } = await lookAgain(face, request, { photo, vision }, signal);
  const cut = (frames: readonly CropFrame[]) => photo.cutPlaced(request.self.photo.id, frames, signal);
  const iris = async (side: Side) =>
    verdicts[side] === 'open'
      ? ((await coloursOf({ ...face, eyes }, side, cut, vision, signal))?.iris ?? null)
      : null;
  return { mesh, verdicts, irises: { left: await iris('left'), right: await iris('right') } };
}

/** What lies there stays. */
export function kept(note: RestoreNote): RestoredFace {
  return { restoration: { note, laid: null }, placement: null };
}
