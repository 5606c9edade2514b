/** Who is who in two photos. Identity decides; place and size count only where the photos are a burst. */
import type { Face } from '../core/face';
import type { PhotoInfo } from '../core/photo';
import { identityGap } from './identity';
import { faceSizePx } from './resemblance';

interface Faces {
  readonly photo: PhotoInfo;
  readonly faces: readonly Face[];
  /** A person said that this photo shows people of the other. */
  readonly vouched?: boolean;
}

/**
 * Identity distance up to which two faces are one person, whatever else. Measured: one man laughing, turned, eyes shut
 * 0.31–0.38, 207 pairs of one day or of years apart 0.30 (median) to 0.56, 89 % within the limit; strangers in other
 * test photos from 0.48, 7 in 100,000 of 280,000 pairs of portraits within the limit (children and brothers).
 */
const SAME_PERSON = 0.42;
/** The same where a burst or a person vouches for it, dlib's own limit: a face squeezed shut is 0.57 from itself awake. */
const SAME_IF_VOUCHED = 0.6;
/** Frames of a burst lie within this time. Minutes apart the next child may sit on the photographer's chair. */
const BURST_MS = 15_000;
/** Farthest a head moves within a burst, in eye distances, and how much its size may change. */
const BURST_MOVE = 2;
const BURST_GROWTH = 1.4;
/** Two faces that fit this much alike (in limits) are not told apart: brothers, or a face too blurred to say. */
const CLEAR_LEAD = 0.08;

/** The face of `other` that is the same person as `target`: within the limits, and nobody else in either photo comes near. */
export function samePerson(target: Face, self: Faces, other: Faces): Face | undefined {
  const burst = isBurst(self.photo, other.photo);
  const vouched = other.vouched === true;
  const ranked = other.faces
    .map((face) => ({ face, misfit: misfit(target, face, burst, vouched) }))
    .sort((a, b) => a.misfit - b.misfit);
  const [best, second] = ranked;
  if (!best || best.misfit > 1) return undefined;
  const lookalikes = self.faces
    .filter((face) => face.index !== target.index)
    .map((face) => misfit(face, best.face, burst, vouched));
  const rival = Math.min(second?.misfit ?? Number.POSITIVE_INFINITY, ...lookalikes);
  return rival > best.misfit + CLEAR_LEAD ? best.face : undefined;
}

/** How badly two faces fit as one person; up to 1 they may be, beyond they are not. */
function misfit(mine: Face, theirs: Face, burst: boolean, vouched: boolean): number {
  const place = burst ? moved(mine, theirs) : Number.POSITIVE_INFINITY;
  if (!mine.identity || !theirs.identity) return place;
  return (
    identityGap(mine.identity, theirs.identity) / (vouched || place <= 1 ? SAME_IF_VOUCHED : SAME_PERSON)
  );
}

/** Way between the two places in pictures of one size; 1: as far as a head moves within a burst. */
function moved(mine: Face, theirs: Face): number {
  const [a, b] = [faceSizePx(mine), faceSizePx(theirs)];
  if (Math.max(a, b) > BURST_GROWTH * Math.min(a, b)) return Number.POSITIVE_INFINITY;
  const x = mine.points[0].x + mine.points[1].x - theirs.points[0].x - theirs.points[1].x;
  const y = mine.points[0].y + mine.points[1].y - theirs.points[0].y - theirs.points[1].y;
  return Math.hypot(x, y) / (a + b) / BURST_MOVE;
}

/** Frames of one scene: pictures of one size, taken seconds apart. Without EXIF times nothing vouches for it. */
export function isBurst(a: PhotoInfo, b: PhotoInfo): boolean {
  if (a.width !== b.width || a.height !== b.height || !a.takenAt || !b.takenAt) return false;
  return Math.abs(Date.parse(a.takenAt) - Date.parse(b.takenAt)) <= BURST_MS;
}
