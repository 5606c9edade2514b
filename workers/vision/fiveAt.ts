import type { FivePoints } from '../../src/core/face';
import type { Point, Space } from '../../src/core/geometry';

/** The five points that `take` gives for 0..4. */
export function fiveAt<S extends Space>(take: (i: number) => Point<S>): FivePoints<S> {
  return [take(0), take(1), take(2), take(3), take(4)];
}
