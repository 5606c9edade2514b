/** Which tensor of a restorer's graph is what. Published ones differ: spec C.6. */
import { AppError } from '../../src/core/errors';
import type { TensorSpec } from '../../src/core/pack';
import { REFERENCE_SIDE_PX } from '../../src/core/units';
import type { FloatTensor, Tensors } from '../ort/tensor';

export interface RestorerLayout {
  /** What the network is fed. @param fidelity 0..1, left out where it has no use for it */
  feeds(picture: FloatTensor, fidelity: number): Tensors;
  /** The network takes no fidelity. */
  readonly fixed: boolean;
}

const PICTURE = [1, 3, REFERENCE_SIDE_PX, REFERENCE_SIDE_PX] as const;

/**
 * `input` and `weight` of one float64 or float32, `x` and `w`, or a picture alone: told apart by types and shapes.
 * @throws AppError model-corrupt (`details.inputs`) for any other network
 */
export function restorerLayout(inputs: readonly TensorSpec[]): RestorerLayout {
  const [picture, ...morePictures] = inputs.filter(isPicture);
  const [dial, ...moreDials] = inputs.filter((input) => !isPicture(input));
  if (!picture || morePictures.length > 0 || moreDials.length > 0 || (dial && !isDial(dial))) {
    const found = inputs.map(({ name, type, dims }) => `${name} ${type} [${dims.join(', ')}]`).join('; ');
    throw new AppError('model-corrupt', `this network restores no faces: its inputs are ${found}`, {
      inputs: found,
    });
  }
  return {
    fixed: !dial,
    feeds: (data, fidelity) => ({
      [picture.name]: data,
      ...(dial && {
        [dial.name]: {
          data: dial.type === 'float64' ? Float64Array.of(fidelity) : Float32Array.of(fidelity),
          dims: dial.dims.map(() => 1),
        },
      }),
    }),
  };
}

/** The first output that is a picture: some exports give features beside it. @throws RangeError when there is none */
export function restoredPicture(outputs: Tensors): FloatTensor {
  const found = Object.values(outputs).find(({ data, dims }) => {
    return (
      data instanceof Float32Array && dims.length === PICTURE.length && dims.every((d, i) => d === PICTURE[i])
    );
  });
  if (!found) throw new RangeError(`none of ${Object.keys(outputs).join(', ')} is a restored face`);
  return found as FloatTensor;
}

function isPicture({ type, dims }: TensorSpec): boolean {
  const fits = (dim: number | string, i: number) => typeof dim === 'string' || dim === PICTURE[i];
  return type === 'float32' && dims.length === PICTURE.length && dims.every(fits);
}

function isDial({ type, dims }: TensorSpec): boolean {
  const isFloat = type === 'float32' || type === 'float64';
  return isFloat && dims.length < PICTURE.length && dims.every((dim) => typeof dim === 'string' || dim === 1);
}
