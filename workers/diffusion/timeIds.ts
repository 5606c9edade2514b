/** SDXL's micro-conditioning: what the UNet is told of a picture's size and cut, in px (spec B.6). */
import type { FloatTensor } from '../ort/tensor';

/** Height, width. */
export type HeightWidth = readonly [height: number, width: number];
/** Top, left. */
export type TopLeft = readonly [top: number, left: number];

export interface Conditioning {
  /** Of the picture that is made: latents times 8. */
  readonly size: HeightWidth;
  /** Default: `size`. */
  readonly originalSize?: HeightWidth;
  /** Default: 0, 0. */
  readonly crop?: TopLeft;
  /** For the negative prompt. Default: 0, 0. Only the refiner looks at it. */
  readonly negativeCrop?: TopLeft;
}

/** As 'beautiful' as the refiner is asked to be, and not to be. */
const AESTHETIC = 6;
const NEGATIVE_AESTHETIC = 2.5;

/** [1, 6] or [1, 5] each. */
export interface TimeIds {
  readonly negative: FloatTensor;
  readonly positive: FloatTensor;
}

/**
 * [h, w, top, left, h, w]: original size, crop, target size. As in diffusers the negative prompt has the crop of the
 * positive one: `negative_crops_coords_top_left` is read for the refiner alone. So both are equal.
 */
export function baseTimeIds({ size, originalSize = size, crop = [0, 0] }: Conditioning): TimeIds {
  const ids = [...originalSize, ...crop, ...size];
  return { negative: row(ids), positive: row(ids) };
}

/** [h, w, top, left, aesthetic score]: original size, crop; 6 for the positive prompt, 2.5 for the negative. */
export function refinerTimeIds(conditioning: Conditioning): TimeIds {
  const { size, originalSize = size, crop = [0, 0], negativeCrop = [0, 0] } = conditioning;
  return {
    negative: row([...originalSize, ...negativeCrop, NEGATIVE_AESTHETIC]),
    positive: row([...originalSize, ...crop, AESTHETIC]),
  };
}

function row(ids: readonly number[]): FloatTensor {
  return { data: Float32Array.from(ids), dims: [1, ids.length] };
}
