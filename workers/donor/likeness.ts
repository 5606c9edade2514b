/** How alike two squares of a face are, in numbers. */
import type { FaceSquare } from '../../src/core/generation';
import {
  type Affine,
  apply,
  distance,
  type Point,
  type Space,
  scaling,
  similarity,
} from '../../src/core/geometry';
import { DENSE_COUNT, MOUTH_POINTS, RIGID_POINTS } from './landmarks';

export interface Likeness {
  /** Turn between the two heads (yaw and pitch), rad. */
  readonly turnRad: number;
  /** Root mean square distance of the mouth's points, as a share of the square's side. Null without a dense mesh. */
  readonly expression: number | null;
}

export function likenessOf(target: FaceSquare<'crop'>, source: FaceSquare<'source'>): Likeness {
  const turnRad = Math.hypot(
    target.pose.yawRad - source.pose.yawRad,
    target.pose.pitchRad - source.pose.pitchRad,
  );
  if (!isDense(target) || !isDense(source)) return { turnRad, expression: null };
  const map = faceMap(target, source);
  const squared = MOUTH_POINTS.map((i) => distance(apply(map, at(target, i)), at(source, i)) ** 2);
  const rms = Math.sqrt(squared.reduce((sum, d) => sum + d, 0) / squared.length);
  return { turnRad, expression: rms / source.pixels.width };
}

/** Similarity of the firm parts of the face, target to source; without a mesh both squares are FFHQ-aligned already. */
export function faceMap(target: FaceSquare<'crop'>, source: FaceSquare<'source'>): Affine<'crop', 'source'> {
  if (!isDense(target) || !isDense(source)) {
    const scale = source.pixels.width / target.pixels.width;
    return scaling(scale, scale);
  }
  return similarity(
    RIGID_POINTS.map((i) => at(target, i)),
    RIGID_POINTS.map((i) => at(source, i)),
  );
}

function isDense(square: FaceSquare<Space>): boolean {
  return square.landmarks.length >= DENSE_COUNT;
}

function at<S extends Space>(square: FaceSquare<S>, index: number): Point<S> {
  return square.landmarks[index]!;
}
