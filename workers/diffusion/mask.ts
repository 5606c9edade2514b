/** The mask of an inpainting as diffusers prepares it (spec B.2, B.3): 1 is painted anew, 0 kept. */
import type { Plane } from '../../src/core/raster';
import { roundHalfEven } from '../../src/core/units';
import type { FloatTensor } from '../ort/tensor';
import { LATENT_PX } from './picture';

/** One 8-bit channel, row-major; as a mask 255 is painted anew. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** From this grey on a pixel is painted anew: 127 / 255 is below a half. */
const PAINTED = 128;

/** A float mask in bytes, rounded half to even. */
export function greyOfPlane({ width, height, data }: Plane<'0..1'>): Grey {
  const grey = new Uint8ClampedArray(data.length);
  for (let i = 0; i < grey.length; i += 1) grey[i] = roundHalfEven(255 * data[i]!);
  return { width, height, data: grey };
}

/** The hard mask, 0 or 1, [1, 1, height, width]. */
export function binarised({ width, height, data }: Grey): FloatTensor {
  const out = new Float32Array(data.length);
  for (let i = 0; i < out.length; i += 1) out[i] = data[i]! >= PAINTED ? 1 : 0;
  return { data: out, dims: [1, 1, height, width] };
}

/**
 * Planes −1..1 with what the mask paints anew at 0, which is mid grey.
 * @param planes [1, channels, height, width]. @param mask 0 or 1, [1, 1, height, width].
 * @throws RangeError when sizes differ.
 */
export function withoutMasked(planes: FloatTensor, mask: FloatTensor): FloatTensor {
  const [height, width] = sidesOf(mask);
  if (planes.dims.length !== 4 || planes.dims[2] !== height || planes.dims[3] !== width)
    throw new RangeError(`mask [${mask.dims.join(', ')}] is not for planes [${planes.dims.join(', ')}]`);
  const planePx = width * height;
  const data = planes.data.slice();
  for (let start = 0; start < data.length; start += planePx)
    for (let i = 0; i < planePx; i += 1) if (mask.data[i]! >= 0.5) data[start + i] = 0;
  return { data, dims: planes.dims };
}

/**
 * The mask of the latents, [1, 1, height / 8, width / 8]: the top-left pixel of each block speaks for it (torch's
 * `interpolate`, nearest), so that a mask narrower than 8 px may vanish.
 * @param mask 0 or 1, [1, 1, height, width], both sides multiples of 8 px.
 * @throws RangeError when they are not.
 */
export function latentMask(mask: FloatTensor): FloatTensor {
  const [height, width] = sidesOf(mask);
  if (height % LATENT_PX !== 0 || width % LATENT_PX !== 0)
    throw new RangeError(`${width}×${height} px are not whole latents of ${LATENT_PX} px`);
  const [rows, columns] = [height / LATENT_PX, width / LATENT_PX];
  const data = new Float32Array(rows * columns);
  for (let y = 0; y < rows; y += 1)
    for (let x = 0; x < columns; x += 1)
      data[y * columns + x] = mask.data[y * LATENT_PX * width + x * LATENT_PX]!;
  return { data, dims: [1, 1, rows, columns] };
}

function sidesOf({ dims }: FloatTensor): readonly [height: number, width: number] {
  if (dims.length !== 4 || dims[0] !== 1 || dims[1] !== 1)
    throw new RangeError(`a mask is [1, 1, height, width], got [${dims.join(', ')}]`);
  return [dims[2]!, dims[3]!];
}
