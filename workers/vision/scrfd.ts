/**
 * SCRFD (InsightFace's det_10g and its family): three strides, two anchors a cell at the cell's corner.
 * Box = anchor ∓ distances · stride, points = anchor + offsets · stride (`model_zoo/scrfd.py`).
 */
import type { Detection } from '../../src/core/face';
import type { Size, Space } from '../../src/core/geometry';
import { keepBest } from '../../src/core/overlap';
import { CHANNELS, type Raster } from '../../src/core/raster';
import type { FloatTensor, Tensors } from '../ort/tensor';
import { fiveAt } from './fiveAt';
import { expectCrowd, outputOf, plausible } from './outputs';

const STRIDES = [8, 16, 32] as const;
const ANCHORS = 2;
const LOWEST_SCORE = 0.5;
const SAME_FACE = { union: 0.4 };
/** Brings 0..255 to −1..1; the black outside the picture too. */
const MEAN = 127.5;
const SCALE = 1 / 128;

/**
 * RGBA bytes → RGB planes −1..1, [1, 3, H, W], the picture at the top left of the canvas.
 * @throws RangeError when the canvas is no multiple of 32 or smaller than the picture.
 */
export function toTensor(picture: Raster<Space>, canvas: Size): FloatTensor {
  const { width, height, data } = picture;
  if (canvas.width % 32 || canvas.height % 32 || canvas.width < width || canvas.height < height) {
    throw new RangeError(
      `${width}×${height} px do not go on a canvas of ${canvas.width}×${canvas.height}: it takes multiples of 32`,
    );
  }
  const planePx = canvas.width * canvas.height;
  const out = new Float32Array(3 * planePx).fill(-MEAN * SCALE);
  for (let y = 0; y < height; y += 1) {
    let from = y * width * CHANNELS;
    let to = y * canvas.width;
    for (let x = 0; x < width; x += 1) {
      out[to] = (data[from]! - MEAN) * SCALE;
      out[to + planePx] = (data[from + 1]! - MEAN) * SCALE;
      out[to + 2 * planePx] = (data[from + 2]! - MEAN) * SCALE;
      from += CHANNELS;
      to += 1;
    }
  }
  return { data: out, dims: [1, 3, canvas.height, canvas.width] };
}

/**
 * Faces best first, in pixels of the canvas; boxes are not cut to the picture. Outputs are told apart by their sizes:
 * with or without an axis for the batch, in any order, under any name.
 * @param scale canvas pixels in a photo pixel: doubles are told by whole photo pixels, corners included.
 * @throws AppError model-corrupt when an output is missing, FACE_DET_001 when one holds what are no numbers
 */
export function decode<S extends Space>(
  outputs: Tensors<FloatTensor>,
  canvas: Size,
  scale: number,
): Detection<S>[] {
  const hits = STRIDES.flatMap((stride) => {
    const columns = canvas.width / stride;
    const rows = columns * (canvas.height / stride) * ANCHORS;
    const [scores, boxes, points] = [1, 4, 10].map((values) => outputOf(outputs, rows, values));
    const found: Detection<S>[] = [];
    for (let row = 0; row < rows; row += 1) {
      const score = scores![row]!;
      if (score < LOWEST_SCORE) continue;
      const cell = Math.floor(row / ANCHORS);
      const x = (cell % columns) * stride;
      const y = Math.floor(cell / columns) * stride;
      const away = (i: number) => Math.fround(boxes![row * 4 + i]! * stride);
      const [left, top] = [Math.fround(x - away(0)), Math.fround(y - away(1))];
      const [right, bottom] = [Math.fround(x + away(2)), Math.fround(y + away(3))];
      found.push({
        score,
        box: { x: left, y: top, width: right - left, height: bottom - top },
        points: fiveAt((i) => ({
          x: Math.fround(x + Math.fround(points![row * 10 + 2 * i]! * stride)),
          y: Math.fround(y + Math.fround(points![row * 10 + 2 * i + 1]! * stride)),
        })),
      });
    }
    return found;
  });
  expectCrowd(hits);
  return plausible(keepBest(hits, SAME_FACE, scale), canvas, scale);
}
