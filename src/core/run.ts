/**
 * A run is a fold over its events: the page, the command line and the verbose record all read the last `Run`.
 */
import type { Config } from './config';
import type { AppError } from './errors';
import type { Face, Side } from './face';
import type { Blended, Candidate, NoCandidateReason } from './generation';
import type { Rect } from './geometry';
import type { PaintFailure, PaintNews } from './painting';
import type { CropFrame, PhotoId, Placement } from './photo';
import type { Raster } from './raster';
import type { Laid, RestoreNote, RestorePhase } from './restoration';

export type Stage = 'detect' | 'crop' | 'generate' | 'paint' | 'blend' | 'restore' | 'place';

/** A candidate ready to be laid over the photo. */
export interface ReadyCandidate {
  readonly candidate: Candidate;
  readonly blended: Blended;
  /** Absent: no restorer has seen it. */
  readonly restoration?: Restoration;
}

/** What a restorer made of a face. */
export interface Restoration {
  readonly note: RestoreNote;
  /** What takes the place of the blended eyes; null: they stay. */
  readonly laid: Laid | null;
}

export interface Refusal {
  readonly photoName: string;
  readonly reason: NoCandidateReason;
}

/** `finished`: there was no eye to open in it, only to restore. */
export type FaceStatus =
  | 'waiting'
  | 'working'
  | 'opened'
  | 'finished'
  | 'no-candidate'
  | 'failed'
  | 'cancelled';

/** How a face is going to look, while it is painted. */
export interface Preview {
  readonly picture: Raster<'paint'>;
  /** Where it lies in the face square. */
  readonly part: Rect<'crop'>;
}

/** What a person should know of a face that was painted. */
export interface PaintNote {
  /** The prompt has room for the colour of the eyes, and nothing tells it. */
  readonly irisLeftOut: boolean;
  /** What of the prompt was too long to be read; empty: nothing. */
  readonly cut: string;
  /** Of the variations that failed. */
  readonly failures: readonly PaintFailure[];
}

/** One face's way through the road. */
export interface FaceRun {
  readonly face: Face;
  readonly sides: readonly Side[];
  readonly status: FaceStatus;
  readonly frame: CropFrame | null;
  /** Best first. */
  readonly candidates: readonly ReadyCandidate[];
  readonly refusals: readonly Refusal[];
  readonly pickedId: string | null;
  readonly placement: Placement | null;
  /** Null: not being painted. */
  readonly preview: Preview | null;
  /** Null: not painted. */
  readonly painted: PaintNote | null;
  /** Of what is placed. Null: no restorer has seen it. */
  readonly restoration: Restoration | null;
  readonly error: AppError | null;
  readonly timingsMs: Readonly<Partial<Record<Stage, number>>>;
}

/** How far the restoring of a run's faces is. */
export interface RestoreNews {
  readonly phase: RestorePhase;
  /** Faces that are done, of all. */
  readonly done: number;
  readonly of: number;
  /** Null: nobody can tell yet. */
  readonly secondsLeft: number | null;
}

export type RunStatus = 'running' | 'done' | 'nothing-to-do' | 'cancelled';

export interface Run {
  readonly id: string;
  /** `YYYYMMDD_HHMMSS`, local time. */
  readonly timestamp: string;
  readonly photo: PhotoId;
  /** What was asked for; those of now may be others. */
  readonly config: Config;
  readonly status: RunStatus;
  readonly faces: readonly FaceRun[];
  readonly stage: Stage | null;
  /** Null: nothing is being painted. */
  readonly painting: Pick<PaintNews, 'phase' | 'secondsLeft'> | null;
  /** Null: nothing is being restored. */
  readonly restoring: RestoreNews | null;
  /** 0..1 over the whole run; never falls. */
  readonly progress: number;
}

export type RunEvent =
  | { readonly type: 'face-started'; readonly face: number }
  | { readonly type: 'stage-started'; readonly face: number; readonly stage: Stage }
  | { readonly type: 'stage-ended'; readonly face: number; readonly stage: Stage; readonly ms: number }
  | { readonly type: 'cropped'; readonly face: number; readonly frame: CropFrame }
  | { readonly type: 'painting'; readonly faces: readonly PaintedPart[]; readonly news: PaintNews }
  | { readonly type: 'painted'; readonly face: number; readonly note: PaintNote }
  | {
      readonly type: 'generated';
      readonly face: number;
      readonly candidates: readonly ReadyCandidate[];
      readonly refusals: readonly Refusal[];
    }
  | {
      readonly type: 'placed';
      readonly face: number;
      readonly pickedId: string;
      readonly placement: Placement;
    }
  | { readonly type: 'restoring'; readonly news: RestoreNews }
  | {
      readonly type: 'restored';
      readonly face: number;
      readonly restoration: Restoration;
      /** Null: what lay there still does. */
      readonly placement: Placement | null;
    }
  | { readonly type: 'taken-off'; readonly face: number }
  | { readonly type: 'face-failed'; readonly face: number; readonly error: AppError }
  | { readonly type: 'ended'; readonly status: Exclude<RunStatus, 'running'> };

/** A face that is being painted: its index in the photo, and where in its square. */
export interface PaintedPart {
  readonly face: number;
  readonly part: Rect<'crop'>;
}

/** A face that a person or the default chose, and the eyes to open in it. None: it is only restored. */
export interface Choice {
  readonly face: Face;
  readonly sides: readonly Side[];
}

export function startRun(
  id: string,
  timestamp: string,
  photo: PhotoId,
  choices: readonly Choice[],
  config: Config,
): Run {
  const faces = choices.map(
    ({ face, sides }): FaceRun => ({
      face,
      sides,
      status: 'waiting',
      frame: null,
      candidates: [],
      refusals: [],
      pickedId: null,
      placement: null,
      preview: null,
      painted: null,
      restoration: null,
      error: null,
      timingsMs: {},
    }),
  );
  return {
    id,
    timestamp,
    photo,
    config,
    status: 'running',
    faces,
    stage: null,
    painting: null,
    restoring: null,
    progress: 0,
  };
}

/** The run after the event. An event for a face that is not part of the run changes nothing. */
export function fold(run: Run, event: RunEvent): Run {
  if (event.type === 'ended') {
    const faces = run.faces.map((f) =>
      isSettled(f) ? f : { ...f, preview: null, status: 'cancelled' as const },
    );
    return { ...run, status: event.status, faces, stage: null, painting: null, restoring: null, progress: 1 };
  }
  if (event.type === 'painting') return foldPainting(run, event);
  if (event.type === 'restoring') return { ...run, restoring: event.news };
  const faces = run.faces.map((f) => (f.face.index === event.face ? foldFace(f, event) : f));
  const stage = event.type === 'stage-started' ? event.stage : run.stage;
  const painting = stage === 'paint' ? run.painting : null;
  const settled = faces.filter(isSettled).length;
  return {
    ...run,
    faces,
    stage,
    painting,
    progress: Math.max(run.progress, settled / Math.max(1, faces.length)),
  };
}

function foldPainting(run: Run, { faces, news }: Extract<RunEvent, { type: 'painting' }>): Run {
  const { done, phase, secondsLeft, preview } = news;
  const shown = preview && faces[preview.face];
  const settled = run.faces.filter(isSettled).length;
  const progress = (settled + done * faces.length) / Math.max(1, run.faces.length);
  return {
    ...run,
    painting: { phase, secondsLeft },
    progress: Math.max(run.progress, progress),
    faces: run.faces.map((f) =>
      shown && f.face.index === shown.face
        ? { ...f, preview: { picture: preview.picture, part: shown.part } }
        : f,
    ),
  };
}

function isSettled(face: FaceRun): boolean {
  return face.status !== 'waiting' && face.status !== 'working';
}

function foldFace(
  face: FaceRun,
  event: Exclude<RunEvent, { type: 'ended' | 'painting' | 'restoring' }>,
): FaceRun {
  switch (event.type) {
    case 'face-started':
      return { ...face, status: 'working' };
    case 'stage-started':
      return face;
    case 'stage-ended': {
      // A face goes through a stage again when its first eyes could not be kept.
      const ms = (face.timingsMs[event.stage] ?? 0) + event.ms;
      return { ...face, timingsMs: { ...face.timingsMs, [event.stage]: ms } };
    }
    case 'cropped':
      return { ...face, frame: event.frame };
    case 'painted':
      return { ...face, preview: null, painted: event.note };
    case 'generated': {
      const { candidates, refusals } = event;
      return { ...face, candidates, refusals, status: candidates.length ? face.status : 'no-candidate' };
    }
    case 'placed': {
      const { pickedId, placement } = event;
      const restoration = pickedOf(face, pickedId)?.restoration ?? null;
      return { ...face, status: 'opened', pickedId, placement, restoration };
    }
    case 'restored': {
      // Where nothing new was kept, what an earlier restorer made still lies there.
      const laid = event.restoration.laid ?? face.restoration?.laid ?? null;
      const restoration = { ...event.restoration, laid };
      const candidates = face.candidates.map((ready) =>
        ready.candidate.id === face.pickedId ? { ...ready, restoration } : ready,
      );
      const placement = event.placement ?? face.placement;
      return {
        ...face,
        status: face.sides.length ? face.status : 'finished',
        candidates,
        restoration,
        placement,
      };
    }
    case 'taken-off':
      return { ...face, pickedId: null, placement: null, restoration: null };
    case 'face-failed':
      return { ...face, preview: null, status: 'failed', error: event.error };
  }
}

/** The candidate that a face has. */
export function pickedOf(face: FaceRun, pickedId = face.pickedId): ReadyCandidate | null {
  return face.candidates.find(({ candidate }) => candidate.id === pickedId) ?? null;
}

/** What lies over the photo for a face; null: nothing. */
export function laidNow(face: FaceRun): Laid | null {
  if (!face.placement) return null;
  const picked = pickedOf(face);
  return picked && face.frame ? laidOf(face.frame, picked) : (face.restoration?.laid ?? null);
}

/** What is laid over the photo for a candidate: as it was restored, where it was. */
export function laidOf(frame: CropFrame, { blended, restoration }: ReadyCandidate): Laid {
  return restoration?.laid ?? { frame, square: blended };
}
