/**
 * Stage `place`: the best candidate is laid down and looked at again with the landmarks that found the eye closed. One that
 * leaves an eye closed is never kept: the next one gets its turn, and with none left the face stays as it was.
 */
import type { CropFrame, Placement } from '../core/photo';
import type { Choice, ReadyCandidate, Refusal } from '../core/run';
import type { Engines } from '../engines/contracts';
import { lookAgain } from './lookAgain';
import type { RunRequest } from './request';

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
    const { verdicts } = await lookAgain(choice.face, request, engines, signal);
    if (!choice.sides.some((side) => verdicts[side] === 'closed'))
      return { candidates: candidates.slice(i), refusals, placement };
    refusals.push({ photoName: ready.candidate.origin.photoName, reason: 'stays-closed' });
  }
  if (candidates.length) await engines.photo.undo(id, index, signal);
  return { candidates: [], refusals, placement: null };
}
