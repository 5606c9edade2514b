/** Stage `generate`: candidates for one face, from the sources that `donorsFor` chose. */

import { AppError } from '../core/errors';
import { type Face, movedEye } from '../core/face';
import type { Candidate, DonorSource, FaceSquare, GenerationResult } from '../core/generation';
import { apply, boundsOf, rect, type Space } from '../core/geometry';
import type { CropFrame, PhotoId } from '../core/photo';
import type { Choice, Refusal } from '../core/run';
import type { Engines } from '../engines/contracts';
import { frameOf, maskShapes } from './crop';
import type { RunRequest } from './request';
import { type DonorChoice, donorsFor } from './sources';

/** More sources cost time and rarely win. */
const MOST_SOURCES = 6;
/** The face and this much round it is all that a donor needs, a half of the square; in sides. */
const ROUND_FACE = 0.03;

export interface Generated {
  readonly candidates: GenerationResult['candidates'];
  readonly refusals: readonly Refusal[];
}

/** @throws AppError GEN_001; AbortError. No candidate at all is an answer: `refusals` says why. */
export async function generate(
  choice: Choice,
  frame: CropFrame,
  request: RunRequest,
  engines: Engines,
  signal: AbortSignal,
): Promise<Generated> {
  const { self, donors, matches, config } = request;
  const chosen = donorsFor(choice.face, choice.sides, self, donors, matches).slice(0, MOST_SOURCES);
  if (!chosen.length) {
    return { candidates: [], refusals: [{ photoName: self.photo.name, reason: 'no-open-eye-anywhere' }] };
  }
  const square = await squareOf(self.photo.id, choice.face, frame, engines, signal);
  const found = await Promise.all(
    chosen.map((donor) => sourceOf(donor, square, request, engines, signal).catch(unlessLent(donor))),
  );
  const sources = found.filter((source) => source !== null);
  const result = await engines.donor.generate(
    {
      target: square,
      sides: choice.sides,
      masks: maskShapes(choice.face, frame, config.crop),
      sources,
      seed: config.generation.seed,
    },
    signal,
  );
  const named = new Set(found.filter((_, i) => chosen[i]!.named).map((source) => source?.id));
  const first = ({ origin }: Candidate) => Number(named.has(origin.sourceId));
  const nameOf = new Map(sources.map((source) => [source.id, source.photoName]));
  const unread = chosen.filter((_, i) => !found[i]);
  return {
    candidates: result.candidates.toSorted((a, b) => first(b) - first(a) || b.rank - a.rank),
    refusals: [
      ...result.refusals.map(({ sourceId, reason }) => ({ photoName: nameOf.get(sourceId) ?? '', reason })),
      ...unread.map(({ photo }) => ({ photoName: photo.name, reason: 'source-unreadable' as const })),
    ],
  };
}

/** A photo that cannot be read any more, or a face in it that cannot be cut out, lends nothing; the others may. */
function unlessLent({ kind }: DonorChoice): (error: unknown) => null {
  return (error) => {
    const isItsOwn =
      error instanceof AppError && (error.code === 'photo-unreadable' || error.code === 'CROP_001');
    if (kind === 'other-eye' || !isItsOwn) throw error;
    return null;
  };
}

async function sourceOf(
  { kind, photo, face }: DonorChoice,
  target: FaceSquare<'crop'>,
  request: RunRequest,
  engines: Engines,
  signal: AbortSignal,
): Promise<DonorSource> {
  const square =
    kind === 'other-eye'
      ? target
      : await squareOf(photo.id, face, frameOf(face, request.config.crop), engines, signal);
  return { id: `${photo.id}/${face.index}`, kind, photoName: photo.name, square: asSource(square) };
}

/** The face square with its geometry. */
async function squareOf(
  photo: PhotoId,
  face: Face,
  frame: CropFrame,
  engines: Engines,
  signal: AbortSignal,
): Promise<FaceSquare<'crop'>> {
  const landmarks = face.mesh.points.map((p) => apply(frame.toCrop, p));
  const whole = rect<'crop'>(0, 0, frame.sidePx, frame.sidePx);
  const part = boundsOf(landmarks, ROUND_FACE * frame.sidePx, whole);
  const [pixels] = await engines.photo.cut(
    photo,
    [part.width && part.height ? { ...frame, part } : frame],
    signal,
  );
  return {
    pixels: pixels!,
    eyes: { left: movedEye(face.eyes.left, frame.toCrop), right: movedEye(face.eyes.right, frame.toCrop) },
    states: { left: face.verdicts.left.state, right: face.verdicts.right.state },
    pose: face.pose,
    landmarks,
  };
}

/** A donor's square is a crop of its own photo: beside the target's it is the 'source' space. */
function asSource(square: FaceSquare<'crop'>): FaceSquare<'source'> {
  return square as FaceSquare<Space> as FaceSquare<'source'>;
}
