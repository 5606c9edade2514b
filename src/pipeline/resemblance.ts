/** How alike two faces are, from landmarks alone. All free of position, size and roll in their pictures. */
import type { Face } from '../core/face';
import { apply, distance, type Point, similarity } from '../core/geometry';

/** Bone and cartilage: brows, eye corners, nose, outline of the face (MediaPipe mesh). */
const FIRM_POINTS: readonly number[] = [
  10, 151, 9, 168, 6, 197, 195, 5, 4, 33, 133, 362, 263, 46, 52, 55, 276, 282, 285, 234, 454, 127, 356, 93,
  323, 132, 361, 98, 327, 2, 58, 288, 172, 397, 50, 280, 117, 346,
];
const LIP_POINTS: readonly number[] = [61, 291, 0, 17, 13, 14, 78, 308, 40, 270, 91, 321];
/** Both MediaPipe layouts have the indices above. */
const DENSE_COUNT = 468;

/** Angle between the two heads' directions, rad. */
export function turnBetween(a: Face, b: Face): number {
  return Math.hypot(a.pose.yawRad - b.pose.yawRad, a.pose.pitchRad - b.pose.pitchRad);
}

/** Distance of the eye centres, px of the photo. */
export function faceSizePx(face: Face): number {
  return distance(face.points[0], face.points[1]);
}

/** Root mean square distance of the lips after aligning the firm points, in eye distances of `b`; 0 without a mesh. */
export function expressionGap(a: Face, b: Face): number {
  if (!isDense(a) || !isDense(b)) return 0;
  const map = similarity<'photo', 'photo'>(firm(a), firm(b));
  const squared = LIP_POINTS.map((i) => distance(apply(map, a.mesh.points[i]!), b.mesh.points[i]!) ** 2);
  return Math.sqrt(squared.reduce((sum, d) => sum + d, 0) / squared.length) / faceSizePx(b);
}

function firm(face: Face): readonly Point<'photo'>[] {
  return isDense(face) ? FIRM_POINTS.map((i) => face.mesh.points[i]!) : face.points;
}

function isDense(face: Face): boolean {
  return face.mesh.points.length >= DENSE_COUNT;
}
