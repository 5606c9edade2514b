/** Overlap of rectangles and greedy suppression of double hits. */
import type { Detection } from './face';
import type { Rect, Space } from './geometry';

export interface OverlapLimits {
  /** Intersection over union above which two hits are one face. */
  readonly union: number;
  /** Share of the smaller box inside the larger above which two hits are one face; absent: not looked at. */
  readonly smaller?: number;
}

/**
 * Intersection as a share of the union and of the smaller rectangle; both 0 when they do not touch.
 * @param pixel added to every width and height: 1 where corners are counted as whole pixels that belong to the box.
 */
export function overlapOf<S extends Space>(a: Rect<S>, b: Rect<S>, pixel = 0): Required<OverlapLimits> {
  const shared = sharedArea(a, b, pixel);
  if (shared === 0) return { union: 0, smaller: 0 };
  const areaA = (a.width + pixel) * (a.height + pixel);
  const areaB = (b.width + pixel) * (b.height + pixel);
  return {
    union: shared / (areaA + areaB - shared),
    smaller: shared / Math.min(areaA, areaB),
  };
}

/** Area of what two rectangles share; 0 when they do not touch. `pixel` as above. */
export function sharedArea<S extends Space>(a: Rect<S>, b: Rect<S>, pixel = 0): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) + pixel;
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) + pixel;
  return Math.max(0, width) * Math.max(0, height);
}

/** Hits by descending score without those that overlap a better one; equal scores keep their order. `pixel` as above. */
export function keepBest<S extends Space, D extends Pick<Detection<S>, 'box' | 'score'>>(
  hits: readonly D[],
  limits: OverlapLimits,
  pixel = 0,
): D[] {
  const kept: D[] = [];
  for (const hit of [...hits].sort((a, b) => b.score - a.score)) {
    const double = kept.some((better) => {
      const overlap = overlapOf(better.box, hit.box, pixel);
      return overlap.union > limits.union || overlap.smaller > (limits.smaller ?? Number.POSITIVE_INFINITY);
    });
    if (!double) kept.push(hit);
  }
  return kept;
}
