/** `run.json`: what a run was asked, what it did, and what the saved file shows. */
import type { Rgb } from '../core/colour';
import { type AppError, isAbort } from '../core/errors';
import type { EyeState, Face, Side } from '../core/face';
import type { CandidateOrigin, GeneratorId } from '../core/generation';
import { overlapOf } from '../core/overlap';
import type { RestoreNote } from '../core/restoration';
import { type FaceRun, pickedOf, type Run, type Stage } from '../core/run';
import { type Corners, cornersOf, hundredths } from './faceData';

export interface RunRecord {
  readonly run_id: string;
  readonly timestamp: string;
  readonly photos: readonly PhotoRecord[];
}

export interface PhotoRecord {
  readonly input: string;
  /** Null when nothing was opened, so that there was nothing to save; in the verbose record always, which is made beside the file. */
  readonly output: string | null;
  /** Why the photo as a whole could not be worked on. */
  readonly error: ErrorRecord | null;
  readonly faces: readonly FaceRecord[];
}

/** A face as it was found. */
export interface LookedFace {
  readonly face_idx: number;
  readonly bbox: Corners;
  readonly before: Verdicts;
}

export interface FaceRecord extends LookedFace {
  /** Had an eye to open. */
  readonly chosen: boolean;
  /** Measured on the saved file; null when the face was not found there or nothing was saved. */
  readonly after: Verdicts | null;
  readonly generator: GeneratorId | null;
  /** Where the open eyes come from. */
  readonly source: SourceRecord | null;
  /** What a restorer made of it; null: none has seen it. */
  readonly restoration: RestoreNote | null;
  /** Nothing went wrong: faces that were not chosen are ok. */
  readonly ok: boolean;
  readonly error: ErrorRecord | null;
  readonly timings_ms: Readonly<Partial<Record<Stage, number>>>;
}

export interface SourceRecord {
  readonly kind: CandidateOrigin['kind'];
  readonly photo: string;
  /** Of painted and built-in eyes; with the settings of the run they make them again. */
  readonly seed?: number;
  readonly prompt?: string;
  readonly openness?: number;
  /** Of the colour that was asked for; null: not known, so dark brown. */
  readonly iris?: Rgb | null;
}

export type Verdicts = Readonly<Record<Side, EyeState>>;

export interface ErrorRecord {
  readonly code: string;
  readonly message: string;
}

/** Boxes of one face before and after an edit of its eyes overlap far more than this. */
const SAME_FACE_OVERLAP = 0.5;

/**
 * @param faces every face of the photo, chosen or not
 * @param after the faces found in the saved file; null when nothing was saved
 */
export function faceRecords(
  faces: readonly Face[],
  run: Run,
  after: readonly Face[] | null,
): readonly FaceRecord[] {
  return faces.map((face) => {
    const chosen = run.faces.find((f) => f.face.index === face.index);
    const seen = after && sameFace(face, after);
    const error = chosen ? errorOf(chosen, seen ?? null) : null;
    const picked = chosen && pickedOf(chosen)?.candidate;
    return {
      ...lookedFace(face),
      chosen: Boolean(chosen?.sides.length),
      after: seen ? verdictsOf(seen) : null,
      generator: picked?.generator ?? null,
      source: picked ? sourceRecord(picked.origin) : null,
      restoration: chosen?.restoration?.note ?? null,
      ok: error === null,
      error,
      timings_ms: timingsOf(chosen),
    };
  });
}

export function lookedFace(face: Face): LookedFace {
  return { face_idx: face.index, bbox: cornersOf(face.box), before: verdictsOf(face) };
}

/** A failure of a whole photo. */
export function failedPhoto(input: string, error: AppError): PhotoRecord {
  return { input, output: null, error: { code: error.code, message: error.message }, faces: [] };
}

export function errorRecord(error: unknown): ErrorRecord {
  if (isAbort(error)) return { code: 'cancelled', message: 'cancelled' };
  const { code = 'internal', message = String(error) } = error as Partial<AppError>;
  return { code, message };
}

function errorOf(chosen: FaceRun, seen: Face | null): ErrorRecord | null {
  if (chosen.error) return errorRecord(chosen.error);
  if (chosen.status === 'cancelled') return { code: 'cancelled', message: 'cancelled before it was opened' };
  if (chosen.status !== 'opened' && chosen.status !== 'finished') {
    const reasons = [...new Set(chosen.refusals.map((refusal) => refusal.reason))].join(', ');
    return { code: 'GEN_001', message: `no open eyes to use${reasons && `: ${reasons}`}` };
  }
  const shut = seen ? chosen.sides.filter((side) => seen.verdicts[side].state === 'closed') : [];
  if (!shut.length) return null;
  return { code: 'GEN_001', message: `still closed in the saved file: ${shut.join(' and ')} eye` };
}

function sourceRecord({ kind, photoName, painted, builtIn }: CandidateOrigin): SourceRecord {
  return { kind, photo: photoName, ...painted, ...builtIn };
}

function sameFace(face: Face, others: readonly Face[]): Face | undefined {
  const overlaps = others.map((other) => ({ other, overlap: overlapOf(face.box, other.box).union }));
  return overlaps
    .filter(({ overlap }) => overlap >= SAME_FACE_OVERLAP)
    .toSorted((a, b) => b.overlap - a.overlap)[0]?.other;
}

function verdictsOf({ verdicts }: Face): Verdicts {
  return { left: verdicts.left.state, right: verdicts.right.state };
}

function timingsOf(chosen: FaceRun | undefined): FaceRecord['timings_ms'] {
  const entries = Object.entries(chosen?.timingsMs ?? {}) as [Stage, number][];
  return Object.fromEntries(entries.map(([stage, ms]) => [stage, hundredths(ms)]));
}
