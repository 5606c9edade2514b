/**
 * Stage 6: the best candidate is laid down and looked at again with the landmarks that found the eye closed. One that
 * leaves an eye closed is never kept: the next one gets its turn, and with none left the face stays as it was.
 */
import type { Face, Side } from '../core/face';
import type { CropFrame, Placement } from '../core/photo';
import type { Choice, ReadyCandidate, Refusal } from '../core/run';
import type { Engines } from '../engines/contracts';
import { points106Of } from './points106';
import type { RunRequest } from './request';
import { inPhoto, meshFrame } from './trace';
import { judged } from './votes';

export interface Placed {
  /** Those that leave no eye closed and those that were not needed, the placed one first. */
  readonly candidates: readonly ReadyCandidate[];
  readonly refusals: readonly Refusal[];
  /** Null: nothing was kept, the photo is as it was. */
  readonly placement: Placement | null;
}

/** @throws AppError BLEND_001, FACE_DET_001; AbortError. The caller takes off what may lie there then. */
export async function placeBest(
  choice: Choice,
  frame: CropFrame,
  candidates: readonly ReadyCandidate[],
  request: RunRequest,
  engines: Engines,
  signal: AbortSignal,
): Promise<Placed> {
  const { id } = request.self.photo;
  const { index } = choice.face;
  const refusals: Refusal[] = [];
  for (const [i, ready] of candidates.entries()) {
    const placement = await engines.photo.place(id, index, frame, ready.blended, signal);
    const closed = await closedAfter(choice.face, choice.sides, request, engines, signal);
    if (!closed) return { candidates: candidates.slice(i), refusals, placement };
    refusals.push({ photoName: ready.candidate.origin.photoName, reason: 'stays-closed' });
  }
  if (candidates.length) await engines.photo.undo(id, index, signal);
  return { candidates: [], refusals, placement: null };
}

/** Whether one of the sides is closed in the photo as it looks now. */
async function closedAfter(
  face: Face,
  sides: readonly Side[],
  request: RunRequest,
  engines: Engines,
  signal: AbortSignal,
): Promise<boolean> {
  const { detection } = request.config;
  const { vision } = engines;
  const cut = (frames: readonly CropFrame[]) =>
    engines.photo.cutPlaced(request.self.photo.id, frames, signal);
  const frame = meshFrame(face.mesh);
  const [mesh] = await vision.landmarks(await cut([frame]), signal);
  const [points106] = face.points106 ? await points106Of([face], cut, detection.device, vision, signal) : [];
  const placed = inPhoto(mesh!, frame);
  const isClosed = (points: typeof points106) => {
    const { verdicts } = judged(placed, points, detection);
    return sides.some((side) => verdicts[side].state === 'closed');
  };
  // The mesh alone is enough to refuse it, as where nothing else looked.
  return isClosed(undefined) || (points106 !== undefined && isClosed(points106));
}
