/** Which dense landmarks surround an eye (MediaPipe 478/468 mesh, canonical face model). */
import type { Side } from '../../src/core/face';

/** The same places on both sides, in the same order: n-th of one mirrors the n-th of the other. */
interface Surroundings {
  /** Lower edge of the brow, outer to inner. */
  readonly brow: readonly number[];
  /** Cheek and tear trough under the eye, outer to inner. */
  readonly cheek: readonly number[];
}

export const SURROUNDINGS: Readonly<Record<Side, Surroundings>> = {
  right: {
    brow: [124, 46, 53, 52, 65, 55],
    cheek: [143, 111, 117, 118, 119, 120, 121, 128],
  },
  left: {
    brow: [353, 276, 283, 282, 295, 285],
    cheek: [372, 340, 346, 347, 348, 349, 350, 357],
  },
};

/** Ridge of the nose, brow to tip: no eye lies beyond it. */
export const NOSE_RIDGE: readonly number[] = [9, 8, 168, 6, 197, 195, 5];

/** Points that hardly move with expression or gaze: for comparing poses and face shapes. */
export const RIGID_POINTS: readonly number[] = [
  9, 8, 168, 6, 197, 195, 5, 4, 33, 133, 362, 263, 127, 356, 234, 454, 10, 151, 67, 297, 103, 332, 98, 327,
];

/** Corners and middle of the lips: expression. */
export const MOUTH_POINTS: readonly number[] = [61, 291, 0, 17, 13, 14, 78, 308, 40, 270, 91, 321];

/** Both MediaPipe layouts have these indices; the 106-point set has not. */
export const DENSE_COUNT = 468;

/** Forehead, cheeks, nose and chin: bare skin in most photos. */
export const SKIN_POINTS: readonly number[] = [
  151, 9, 108, 337, 50, 280, 205, 425, 101, 330, 4, 195, 187, 411,
];
