/** Head turn from where the stable points of a mesh lie, against a standard head. */
import type { FaceMesh, HeadPose } from '../core/face';
import type { Space } from '../core/geometry';

/**
 * Points of MediaPipe's canonical face model (Apache-2.0) that expressions hardly move: eye corners, bridge and
 * tip of the nose, temples, forehead. [mesh index, x to image-right, y down, z to the camera], cm.
 */
const HEAD = [
  [33, -4.446, -2.664, 3.173],
  [133, -1.856, -2.585, 3.758],
  [362, 1.856, -2.585, 3.758],
  [263, 4.446, -2.664, 3.173],
  [168, 0, -3.271, 5.236],
  [6, 0, -2.473, 5.789],
  [197, 0, -1.728, 6.317],
  [1, 0, 1.127, 7.476],
  [234, -7.664, -0.673, -2.436],
  [454, 7.664, -0.673, -2.436],
  [127, -7.743, -2.365, -2.005],
  [356, 7.743, -2.365, -2.005],
  [10, 0, -8.262, 4.482],
] as const;

type Vector = readonly [number, number, number];

/**
 * Scaled-orthographic fit: the two rows of the 2×3 matrix that takes the standard head to the points
 * (least squares), made orthonormal, are the first two rows of the head's rotation.
 */
export function poseOf(mesh: FaceMesh<Space>): HeadPose {
  const points = HEAD.map(([index]) => mesh.points[index]!);
  const across = solve(points.map((p) => p.x));
  const down = solve(points.map((p) => p.y));
  const forward = cross(across, down);
  const length = Math.hypot(...forward);
  const rollRad = Math.atan2(down[0], across[0]);
  const [cos, sin] = [Math.cos(rollRad), Math.sin(rollRad)];
  // The nose (z of the head) as it points in a picture that stands as the head does: right is +x, down is +y.
  const nose = unit([
    cos * across[2] + sin * down[2],
    cos * down[2] - sin * across[2],
    length === 0 ? 1 : Math.sqrt(length),
  ]);
  return {
    yawRad: Math.atan2(nose[0], nose[2]),
    pitchRad: Math.atan2(nose[1], Math.hypot(nose[0], nose[2])),
    rollRad,
  };
}

/** Least-squares row r with r · (head point − mean) = value − mean. */
function solve(values: readonly number[]): Vector {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const sums: [number, number, number] = [0, 0, 0];
  CENTRED.forEach((row, i) => {
    for (let k = 0; k < 3; k += 1) sums[k]! += row[k]! * (values[i]! - mean);
  });
  return [0, 1, 2].map((k) => dot(INVERSE[k]!, sums)) as unknown as Vector;
}

const CENTRED: readonly Vector[] = HEAD.map(([, x, y, z]) => {
  const mean = [1, 2, 3].map((k) => HEAD.reduce((sum, row) => sum + row[k]!, 0) / HEAD.length);
  return [x - mean[0]!, y - mean[1]!, z - mean[2]!];
});
const INVERSE = inverse(
  [0, 1, 2].map((j) =>
    [0, 1, 2].map((k) => CENTRED.reduce((sum, row) => sum + row[j]! * row[k]!, 0)),
  ) as unknown as readonly [Vector, Vector, Vector],
);

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(v: Vector): Vector {
  const length = Math.hypot(...v);
  return [v[0] / length, v[1] / length, v[2] / length];
}

/** Inverse of a symmetric 3×3 matrix by cofactors. */
function inverse([a, b, c]: readonly [Vector, Vector, Vector]): readonly [Vector, Vector, Vector] {
  const determinant = dot(a, cross(b, c));
  const columns = [cross(b, c), cross(c, a), cross(a, b)].map((v) => v.map((x) => x / determinant));
  return [0, 1, 2].map((k) => columns.map((column) => column[k]!)) as unknown as readonly [
    Vector,
    Vector,
    Vector,
  ];
}
