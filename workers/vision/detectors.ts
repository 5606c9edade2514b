/** What each detector's network is fed, and how its answer is read. */
import type { Detection } from '../../src/core/face';
import type { Look } from '../../src/core/look';
import type { Network } from '../ort/network';
import { asFloats, type FloatTensor, type Tensors } from '../ort/tensor';
import * as retinaface from './retinaface';
import * as scrfd from './scrfd';
import * as yunet from './yunet';

/** Detectors have one input. */
export function tensorFor(look: Look): FloatTensor {
  switch (look.detector) {
    case 'embedded':
      return yunet.toTensor(look.picture);
    case 'buffalo_l':
      return scrfd.toTensor(look.picture, look.canvas);
    case 'retinaface':
      return retinaface.toTensor(look.picture);
  }
}

export function facesIn(outputs: Tensors<FloatTensor>, look: Look): readonly Detection<'view'>[] {
  switch (look.detector) {
    case 'embedded':
      return yunet.decode(outputs, look.picture.width);
    case 'buffalo_l':
      return scrfd.decode(outputs, look.canvas, look.scale);
    case 'retinaface':
      return retinaface.decode(outputs, look.picture, look.scale, look.variant);
  }
}

export async function run(network: Network, input: FloatTensor): Promise<Tensors<FloatTensor>> {
  return asFloats(await network.run({ [network.inputs[0]!.name]: input }));
}
