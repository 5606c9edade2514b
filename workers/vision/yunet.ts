/**
 * YuNet: pixels in, face boxes and five points out. Anchor-free, one candidate a cell at strides 8, 16, 32:
 * score = √(cls · obj), centre = (cell + bbox₀₁) · stride, size = exp(bbox₂₃) · stride, points = (cell + kps) · stride.
 */
import type { Detection } from '../../src/core/face';
import type { Space } from '../../src/core/geometry';
import { keepBest } from '../../src/core/overlap';
import { CHANNELS, type Raster } from '../../src/core/raster';
import type { FloatTensor } from '../ort/tensor';
import { fiveAt } from './fiveAt';

const STRIDES = [8, 16, 32] as const;
/** The network halves its input five times. */
const MULTIPLE_PX = 32;
/** Real faces score 0.79 and more upright, 0.55 on their side; below lies noise. */
const LOWEST_SCORE = 0.5;
/** As OpenCV's and libfacedetection's post-processing (0.3 there, for cell doubles of one face), and boxes inside another. */
const SAME_FACE = { union: 0.4, smaller: 0.7 } as const;

const upTo = (size: number) => Math.ceil(size / MULTIPLE_PX) * MULTIPLE_PX;

/** RGBA bytes → BGR planes 0..255, [1, 3, H, W]; H and W padded with black to multiples of 32. */
export function toTensor(picture: Raster<Space>): FloatTensor {
  const { width, height, data } = picture;
  const columns = upTo(width);
  const rows = upTo(height);
  const planePx = columns * rows;
  const out = new Float32Array(3 * planePx);
  for (let y = 0; y < height; y += 1) {
    let from = y * width * CHANNELS;
    let to = y * columns;
    for (let x = 0; x < width; x += 1) {
      out[to] = data[from + 2]!;
      out[to + planePx] = data[from + 1]!;
      out[to + 2 * planePx] = data[from]!;
      from += CHANNELS;
      to += 1;
    }
  }
  return { data: out, dims: [1, 3, rows, columns] };
}

/** Faces of a picture `widthPx` wide (before padding), best first, doubles merged. */
export function decode<S extends Space>(
  outputs: Readonly<Record<string, FloatTensor>>,
  widthPx: number,
): Detection<S>[] {
  const hits = STRIDES.flatMap((stride) => {
    const part = (kind: string) => outputs[`${kind}_${stride}`]!.data;
    const [cls, obj, bbox, kps] = [part('cls'), part('obj'), part('bbox'), part('kps')];
    const columns = upTo(widthPx) / stride;
    const found: Detection<S>[] = [];
    for (let cell = 0; cell < cls.length; cell += 1) {
      const square = cls[cell]! * obj[cell]!;
      if (square < LOWEST_SCORE * LOWEST_SCORE) continue;
      const column = cell % columns;
      const row = (cell - column) / columns;
      const width = Math.exp(bbox[cell * 4 + 2]!) * stride;
      const height = Math.exp(bbox[cell * 4 + 3]!) * stride;
      found.push({
        score: Math.min(1, Math.sqrt(square)),
        box: {
          x: (column + bbox[cell * 4]!) * stride - width / 2,
          y: (row + bbox[cell * 4 + 1]!) * stride - height / 2,
          width,
          height,
        },
        points: fiveAt((i) => ({
          x: (column + kps[cell * 10 + 2 * i]!) * stride,
          y: (row + kps[cell * 10 + 2 * i + 1]!) * stride,
        })),
      });
    }
    return found;
  });
  return keepBest(hits, SAME_FACE);
}
