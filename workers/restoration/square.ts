/** The square that the network gets and gives: coded, and read back. RGB, −1..1. */
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import { clamp, REFERENCE_SIDE_PX, roundHalfEven } from '../../src/core/units';
import { areFinite, type FloatTensor } from '../ort/tensor';

const PLANE_PX = REFERENCE_SIDE_PX * REFERENCE_SIDE_PX;

const { fround } = Math;
/** Divided by 255 before it becomes a float32, as the reference does. */
const CODED = Float32Array.from({ length: 256 }, (_, byte) => (fround(byte / 255) - 0.5) / 0.5);

/** [1, 3, 512, 512]; alpha is left out. @throws RangeError for another size */
export function toTensor({ width, height, data }: Raster<'crop'>): FloatTensor {
  if (width !== REFERENCE_SIDE_PX || height !== REFERENCE_SIDE_PX)
    throw new RangeError(`the restoration wants ${REFERENCE_SIDE_PX} px squares, got ${width}×${height}`);
  const out = new Float32Array(3 * PLANE_PX);
  for (let i = 0, at = 0; i < PLANE_PX; i += 1, at += CHANNELS) {
    out[i] = CODED[data[at]!]!;
    out[i + PLANE_PX] = CODED[data[at + 1]!]!;
    out[i + 2 * PLANE_PX] = CODED[data[at + 2]!]!;
  }
  return { data: out, dims: [1, 3, REFERENCE_SIDE_PX, REFERENCE_SIDE_PX] };
}

/** Clamped, rounded half to even, opaque. @throws RangeError for another shape or values that are not finite */
export function fromTensor({ data, dims }: FloatTensor): Raster<'crop'> {
  if (`${dims}` !== `1,3,${REFERENCE_SIDE_PX},${REFERENCE_SIDE_PX}`)
    throw new RangeError(`the restored face has the shape [${dims.join(', ')}]`);
  if (!areFinite(data)) throw new RangeError('the restored face holds values that are not finite');
  const face = raster<'crop'>(REFERENCE_SIDE_PX, REFERENCE_SIDE_PX);
  for (let i = 0, at = 0; i < PLANE_PX; i += 1, at += CHANNELS) {
    for (let c = 0; c < 3; c += 1) {
      const share = fround((clamp(data[i + c * PLANE_PX]!, -1, 1) + 1) / 2);
      face.data[at + c] = roundHalfEven(fround(share * 255));
    }
    face.data[at + 3] = 255;
  }
  return face;
}
