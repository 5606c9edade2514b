/** A picture has one Run on the screen, though faces may be opened a few at a time. */
import type { AppError } from '../core/errors';
import type { EyeState, Face, Side } from '../core/face';
import type { NoCandidateReason } from '../core/generation';
import { type FaceRun, fold, type Refusal, type Run } from '../core/run';
import { lostPhotos } from './openPhotos';

/** The newer run with the faces that only the earlier one has. */
export function merged(earlier: Run | null, latest: Run): Run {
  if (!earlier) return latest;
  const renewed = new Set(latest.faces.map(({ face }) => face.index));
  const kept = earlier.faces.filter(({ face }) => !renewed.has(face.index));
  const faces = [...kept, ...latest.faces].sort((a, b) => a.face.index - b.face.index);
  return { ...latest, faces };
}

export function withoutFace(run: Run | null, index: number): Run | null {
  return run && { ...run, faces: run.faces.filter(({ face }) => face.index !== index) };
}

export function takenOff(run: Run, face: number): Run {
  return fold(run, { type: 'taken-off', face });
}

export function overruled(face: Face, side: Side, state: EyeState): Face {
  const verdict = { ...face.verdicts[side], state, reason: 'overruled' as const };
  return { ...face, verdicts: { ...face.verdicts, [side]: verdict } };
}

/** Why a face has no new eyes. Where some were tried, that they were no better counts, not why there were no others. */
export function reasonOf({ refusals }: Pick<FaceRun, 'refusals'>): NoCandidateReason | undefined {
  const reasons = refusals.map(({ reason }) => reason);
  return reasons.includes('stays-closed') ? 'stays-closed' : reasons[0];
}

/** Each refusal once: the eyes of one photo may be refused many times for one reason. */
export function distinct(refusals: FaceRun['refusals']): FaceRun['refusals'] {
  const isSame = (a: Refusal, b: Refusal) => a.photoName === b.photoName && a.reason === b.reason;
  return refusals.filter((one, i) => refusals.findIndex((other) => isSame(one, other)) === i);
}

/** The first error that ended a face's way, if one of them says that the photos have to be opened again. */
export function photoLoss(run: Run): AppError | null {
  return run.faces.find(({ error }) => lostPhotos(error))?.error ?? null;
}
