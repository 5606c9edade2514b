/** Thin-plate spline from one plane to another, and its values on a coarse grid. */
import type { Point, Rect, Space } from '../../src/core/geometry';

/** A pair the spline takes from `at` to `to`. `slackPx2` 0: exactly; larger: it may miss to stay smooth. */
export interface Knot<F extends Space, T extends Space> {
  readonly at: Point<F>;
  readonly to: Point<T>;
  readonly slack: number;
}

/** Writes the mapped point to `out` (x, y). */
export type PointMap = (x: number, y: number, out: Float64Array) => void;

/**
 * Smoothing thin-plate spline (Wahba 1990): minimises bending + Σ |f(at) − to|² / slack.
 * Coordinates are divided by `unitPx`, so slack is free of scale.
 * @throws RangeError when the knots do not span a plane.
 */
export function thinPlate<F extends Space, T extends Space>(
  knots: readonly Knot<F, T>[],
  unitPx: number,
): PointMap {
  const n = knots.length;
  const size = n + 3;
  const matrix = Array.from({ length: size }, () => new Float64Array(size + 2));
  knots.forEach((knot, i) => {
    const row = matrix[i]!;
    knots.forEach((other, j) => {
      row[j] =
        i === j ? knot.slack : kernel((knot.at.x - other.at.x) / unitPx, (knot.at.y - other.at.y) / unitPx);
    });
    const plane = [1, knot.at.x / unitPx, knot.at.y / unitPx];
    plane.forEach((value, j) => {
      row[n + j] = value;
      matrix[n + j]![i] = value;
    });
    row[size] = knot.to.x;
    row[size + 1] = knot.to.y;
  });
  solve(matrix);
  return (x, y, out) => {
    const u = x / unitPx;
    const v = y / unitPx;
    for (let axis = 0; axis < 2; axis++) {
      const column = size + axis;
      let sum = matrix[n]![column]! + matrix[n + 1]![column]! * u + matrix[n + 2]![column]! * v;
      for (let i = 0; i < n; i++) {
        const at = knots[i]!.at;
        sum += matrix[i]![column]! * kernel(u - at.x / unitPx, v - at.y / unitPx);
      }
      out[axis] = sum;
    }
  };
}

/** r² ln r. */
function kernel(dx: number, dy: number): number {
  const squared = dx * dx + dy * dy;
  return squared < 1e-18 ? 0 : 0.5 * squared * Math.log(squared);
}

/** Gauss–Jordan with partial pivoting; the right-hand columns become the solution. */
function solve(matrix: readonly Float64Array[]): void {
  const size = matrix.length;
  const rows = matrix as Float64Array[];
  for (let k = 0; k < size; k++) {
    let pivot = k;
    for (let i = k + 1; i < size; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i;
    if (Math.abs(rows[pivot]![k]!) < 1e-12) throw new RangeError('spline knots do not span a plane');
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    const head = rows[k]!;
    for (let i = 0; i < size; i++) {
      if (i === k) continue;
      const row = rows[i]!;
      const factor = row[k]! / head[k]!;
      if (factor === 0) continue;
      for (let j = k; j < row.length; j++) row[j]! -= factor * head[j]!;
    }
    const scale = 1 / head[k]!;
    for (let j = k; j < head.length; j++) head[j]! *= scale;
  }
}

/** `map` measured every `stepPx` over `area` and read bilinearly between: smooth maps lose nothing visible. */
export function onGrid(map: PointMap, area: Rect<Space>, stepPx: number): PointMap {
  const columns = Math.ceil(area.width / stepPx) + 2;
  const rows = Math.ceil(area.height / stepPx) + 2;
  const grid = new Float64Array(columns * rows * 2);
  const value = new Float64Array(2);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      map(area.x + i * stepPx, area.y + j * stepPx, value);
      grid.set(value, (j * columns + i) * 2);
    }
  }
  return (x, y, out) => {
    const u = Math.min(Math.max((x - area.x) / stepPx, 0), columns - 1.001);
    const v = Math.min(Math.max((y - area.y) / stepPx, 0), rows - 1.001);
    const i = Math.floor(u);
    const j = Math.floor(v);
    const fx = u - i;
    const fy = v - j;
    const k = (j * columns + i) * 2;
    const below = k + columns * 2;
    for (let axis = 0; axis < 2; axis++) {
      const top = grid[k + axis]! * (1 - fx) + grid[k + 2 + axis]! * fx;
      const bottom = grid[below + axis]! * (1 - fx) + grid[below + 2 + axis]! * fx;
      out[axis] = top * (1 - fy) + bottom * fy;
    }
  };
}

/** The same for one number a place. */
export function fieldOnGrid(
  field: (x: number, y: number) => number,
  area: Rect<Space>,
  stepPx: number,
): (x: number, y: number) => number {
  const out = new Float64Array(2);
  const map = onGrid(
    (x, y, value) => {
      value[0] = field(x, y);
    },
    area,
    stepPx,
  );
  return (x, y) => {
    map(x, y, out);
    return out[0]!;
  };
}
