/** Who is who in two photos of the same people. A mesh is no passport: position and size decide, shape warns. */
import type { Face } from '../core/face';
import type { PhotoInfo } from '../core/photo';
import { clamp } from '../core/units';
import { faceSizePx, shapeGap, turnBetween } from './resemblance';

interface Faces {
  readonly photo: PhotoInfo;
  readonly faces: readonly Face[];
}

/**
 * Shape distance that one person shows between two pictures: 0.037–0.063 with another expression, and about 0.55 for
 * each radian of turn (11 pairs of 8 people); strangers of equal turn: 0.03–0.10.
 */
const SAME_SHAPE = 0.06;
const SHAPE_PER_TURN = 0.55;
const SHAPE_SCALE = 0.06;
/** Places count in full within this time: people stay where they are during a burst. */
const BURST_MS = 120_000;
/** Cost above which two faces are strangers, and the same for the only faces of two portraits. */
const STRANGERS = 2;
const LONE_STRANGERS = 3;
/** Farthest place that still makes a difference, in eye distances. */
const FAR = 6;

/** The face of `other` that is the same person as `target`, when both are each other's best match. */
export function samePerson(target: Face, self: Faces, other: Faces): Face | undefined {
  const lone = self.faces.length === 1 && other.faces.length === 1;
  const pairs = self.faces.flatMap((mine) =>
    other.faces.map((theirs) => ({ mine, theirs, cost: costOf(mine, self.photo, theirs, other.photo) })),
  );
  const taken = new Set<Face>();
  for (const { mine, theirs, cost } of pairs.sort((a, b) => a.cost - b.cost)) {
    if (cost > (lone ? LONE_STRANGERS : STRANGERS)) return undefined;
    if (taken.has(mine) || taken.has(theirs)) continue;
    if (mine.index === target.index) return theirs;
    taken.add(mine);
    taken.add(theirs);
  }
  return undefined;
}

function costOf(mine: Face, myPhoto: PhotoInfo, theirs: Face, theirPhoto: PhotoInfo): number {
  const expected = SAME_SHAPE + SHAPE_PER_TURN * turnBetween(mine, theirs);
  const shape = Math.max(0, shapeGap(mine, theirs) - expected) / SHAPE_SCALE;
  const size = Math.abs(Math.log2(relativeSize(mine, myPhoto) / relativeSize(theirs, theirPhoto)));
  return shape + 0.5 * size + placeWeight(myPhoto, theirPhoto) * placeGap(mine, myPhoto, theirs, theirPhoto);
}

function relativeSize(face: Face, photo: PhotoInfo): number {
  return faceSizePx(face) / Math.max(photo.width, photo.height);
}

/** Distance of the two places, photos laid over each other: 0 same place, 1 far. */
function placeGap(mine: Face, myPhoto: PhotoInfo, theirs: Face, theirPhoto: PhotoInfo): number {
  const at = (face: Face, photo: PhotoInfo) => {
    const long = Math.max(photo.width, photo.height);
    const [left, right] = face.points;
    return { x: (left.x + right.x) / 2 / long, y: (left.y + right.y) / 2 / long };
  };
  const a = at(mine, myPhoto);
  const b = at(theirs, theirPhoto);
  const unit = (relativeSize(mine, myPhoto) + relativeSize(theirs, theirPhoto)) / 2;
  return clamp(Math.hypot(a.x - b.x, a.y - b.y) / unit / FAR, 0, 1);
}

/** How much places mean: much within a burst, little between photos of different shape or time. */
function placeWeight(a: PhotoInfo, b: PhotoInfo): number {
  const sameShape = a.width * b.height === a.height * b.width;
  if (a.takenAt && b.takenAt) {
    const apartMs = Math.abs(Date.parse(a.takenAt) - Date.parse(b.takenAt));
    return sameShape && apartMs < BURST_MS ? 1.5 : 0.5;
  }
  return sameShape ? 1 : 0.5;
}
