/** How a face comes into CodeFormer's square: OpenCV's `estimateAffinePartial2D(points, template, LMEDS)`. */
import { FFHQ_TEMPLATE } from '../core/crop';
import type { FivePoints } from '../core/face';
import { type Affine, compose, type Point, shift, similarity } from '../core/geometry';
import { REFERENCE_SIDE_PX } from '../core/units';

/** `lmeds`: the reference, which may leave one or two points out. `leastSquares`: all five. */
export type AlignMethod = 'lmeds' | 'leastSquares';

export interface Alignment {
  /** Similarity to the square of 512 px, corner origin on both sides. */
  readonly toSquare: Affine<'photo', 'crop'>;
  /** Which of the five points it rests on. */
  readonly inliers: readonly boolean[];
}

/** What OpenCV draws from five points: its generator starts at the same state each time (ptsetreg.cpp). */
const PAIRS = [
  [0, 4],
  [0, 3],
  [1, 2],
  [1, 0],
  [3, 0],
  [0, 4],
  [1, 4],
  [3, 1],
  [0, 3],
  [0, 1],
  [0, 4],
  [4, 1],
  [0, 3],
] as const;
const MEDIAN = 2;
/** Inliers lie within 2.5 deviations; the rest makes a median of five a deviation. */
const DEVIATIONS = 2.5 * 1.4826 * (1 + 5 / (5 - 2));
const LEAST_DEVIATION_PX = 0.001;

const { fround } = Math;
const TEMPLATE = FFHQ_TEMPLATE.map(({ x, y }) => ({
  x: fround(x * REFERENCE_SIDE_PX),
  y: fround(y * REFERENCE_SIDE_PX),
})) as readonly Point<'crop'>[];

/**
 * @param points as the detector gives them; the reference takes the same numbers for places of pixel centres, so the fit
 * is made in them and its result alone is moved to the corner origin.
 * @throws RangeError when a point is not finite or they coincide
 */
export function alignFace(points: FivePoints<'photo'>, method: AlignMethod): Alignment {
  for (const { x, y } of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y))
      throw new RangeError(`a face's point lies at (${x}, ${y})`);
  }
  const from = points.map(({ x, y }): Point<'photo'> => ({ x: fround(x), y: fround(y) }));
  const inliers = method === 'lmeds' ? inliersOf(from) : from.map(() => true);
  const kept = <T>(all: readonly T[]) => all.filter((_, i) => inliers[i]);
  const centred = similarity(kept(from), kept(TEMPLATE));
  return {
    toSquare: compose(compose(shift<'photo', 'photo'>(-0.5, -0.5), centred), shift<'crop', 'crop'>(0.5, 0.5)),
    inliers,
  };
}

/** Those near the pair's map whose third smallest residual is the smallest; of equal ones the first. */
function inliersOf(from: readonly Point<'photo'>[]): boolean[] {
  let best: Float32Array | null = null;
  let least = Infinity;
  for (const [i, j] of PAIRS) {
    if (from[i]!.x === from[j]!.x && from[i]!.y === from[j]!.y) continue;
    const residuals = residualsOf(similarity([from[i]!, from[j]!], [TEMPLATE[i]!, TEMPLATE[j]!]), from);
    const median = residuals.toSorted()[MEDIAN]!;
    if (median >= least) continue;
    least = median;
    best = residuals;
  }
  if (!best) throw new RangeError('the points of a face coincide');
  const reachPx = Math.max(DEVIATIONS * Math.sqrt(least), LEAST_DEVIATION_PX);
  const reach = fround(reachPx * reachPx);
  return Array.from(best, (residual) => residual <= reach);
}

/** Squared distances to the template, px², in float32 throughout. */
function residualsOf(map: Affine<'photo', 'crop'>, from: readonly Point<'photo'>[]): Float32Array {
  const { a, b, c, d, tx, ty } = map;
  const off = (u: number, v: number, t: number, p: Point<'photo'>, wanted: number) =>
    fround(fround(fround(fround(fround(u) * p.x) + fround(fround(v) * p.y)) + fround(t)) - wanted);
  return Float32Array.from(from, (p, i) => {
    const dx = off(a, b, tx, p, TEMPLATE[i]!.x);
    const dy = off(c, d, ty, p, TEMPLATE[i]!.y);
    return fround(dx * dx) + fround(dy * dy);
  });
}
