/**
 * RetinaFace with the head of CodeFormer's facelib and of facexlib: three steps, two square priors a cell at the
 * cell's centre. Centre = prior + loc · 0.1 · size, size = prior · exp(loc · 0.2), points = prior + landms · 0.1 · size.
 */
import { AppError } from '../../src/core/errors';
import type { Detection, FivePoints } from '../../src/core/face';
import type { Point, Size, Space } from '../../src/core/geometry';
import type { RetinafaceVariant } from '../../src/core/look';
import { keepBest } from '../../src/core/overlap';
import { CHANNELS, type Raster } from '../../src/core/raster';
import type { FloatTensor, Tensors } from '../ort/tensor';
import { fiveAt } from './fiveAt';
import { expectCrowd, outputOf, plausible } from './outputs';

const LEVELS = [
  { step: 8, sizesPx: [16, 32] },
  { step: 16, sizesPx: [64, 128] },
  { step: 32, sizesPx: [256, 512] },
] as const;
const CENTRE_VARIANCE = 0.1;
const SIZE_VARIANCE = 0.2;
/** Mean colour that is taken off: blue, green, red. */
const MEAN_BGR = [104, 117, 123] as const;
const SAME_FACE = { union: 0.4 };
/** Faces whose eyes are nearer, in photo px, are too far away to be worked on. */
const LEAST_EYE_DISTANCE_PX = 5;
/** Softmax in float32 goes this far beyond 1. */
const ROUNDING = 1e-3;

/** Exclusive, in the scores' own precision. */
const SCORE_ABOVE: Readonly<Record<RetinafaceVariant, number>> = {
  facelib: Math.fround(0.8),
  facexlib: Math.fround(0.97),
};

/** facelib measures one column off: the eyes' height against the way from the right eye to the nose. */
const eyeDistance: Readonly<Record<RetinafaceVariant, (points: FivePoints<Space>) => number>> = {
  facelib: ([left, right, nose]) => Math.hypot(left.y - right.y, right.x - nose.x),
  facexlib: ([left, right]) => Math.hypot(left.x - right.x, left.y - right.y),
};

/** RGBA bytes → BGR planes less the mean colour, [1, 3, H, W]. */
export function toTensor({ width, height, data }: Raster<Space>): FloatTensor {
  const planePx = width * height;
  const out = new Float32Array(3 * planePx);
  const [blue, green, red] = MEAN_BGR;
  for (let i = 0; i < planePx; i += 1) {
    out[i] = data[i * CHANNELS + 2]! - blue;
    out[i + planePx] = data[i * CHANNELS + 1]! - green;
    out[i + 2 * planePx] = data[i * CHANNELS]! - red;
  }
  return { data: out, dims: [1, 3, height, width] };
}

/**
 * Faces best first, in pixels of the picture.
 * @param scale picture pixels in a photo pixel.
 * @throws AppError model-corrupt when an output is missing or `conf` holds no probabilities; FACE_DET_001 for NaN
 */
export function decode<S extends Space>(
  outputs: Tensors<FloatTensor>,
  { width, height }: Size,
  scale: number,
  variant: RetinafaceVariant,
): Detection<S>[] {
  const cells = ({ step }: (typeof LEVELS)[number]) => Math.ceil(width / step) * Math.ceil(height / step);
  const priors = LEVELS.reduce((sum, level) => sum + cells(level) * level.sizesPx.length, 0);
  const [loc, conf, landms] = [4, 2, 10].map((values) => outputOf(outputs, priors, values));
  const hits: Detection<S>[] = [];
  let prior = 0;
  for (const level of LEVELS) {
    const columns = Math.ceil(width / level.step);
    for (let cell = 0; cell < cells(level); cell += 1) {
      const x = ((cell % columns) + 0.5) * level.step;
      const y = (Math.floor(cell / columns) + 0.5) * level.step;
      for (const sizePx of level.sizesPx) {
        const score = conf![2 * prior + 1]!;
        if (score > SCORE_ABOVE[variant])
          hits.push(hitAt({ x, y }, sizePx, score, loc!.subarray(4 * prior), landms!.subarray(10 * prior)));
        prior += 1;
      }
    }
  }
  expectCrowd(hits);
  const near = keepBest(hits, SAME_FACE).filter(
    ({ points }) => eyeDistance[variant](points) >= LEAST_EYE_DISTANCE_PX * scale,
  );
  return plausible(near, { width, height }, scale);
}

function hitAt<S extends Space>(
  prior: Point<S>,
  sizePx: number,
  score: number,
  loc: Float32Array,
  landms: Float32Array,
): Detection<S> {
  if (score > 1 + ROUNDING) {
    throw new AppError(
      'model-corrupt',
      `conf holds ${score}, which is no probability: its softmax is missing`,
      {
        found: `${score}`,
        expected: '0..1',
      },
    );
  }
  const movePx = CENTRE_VARIANCE * sizePx;
  const at = (values: Float32Array, i: number): Point<S> => ({
    x: prior.x + values[2 * i]! * movePx,
    y: prior.y + values[2 * i + 1]! * movePx,
  });
  const centre = at(loc, 0);
  const width = sizePx * Math.exp(loc[2]! * SIZE_VARIANCE);
  const height = sizePx * Math.exp(loc[3]! * SIZE_VARIANCE);
  return {
    score,
    box: { x: centre.x - width / 2, y: centre.y - height / 2, width, height },
    points: fiveAt((i) => at(landms, i)),
  };
}
