/** SDXL's networks in small, tools/models/sdxl/twin.py: the weights that their graphs do not carry are made here. */
import type { ExternalFile } from '../../workers/ort/network';
import weights from '../twins/sdxl/weights.json';

export type SdxlTwinNetwork =
  | 'text_encoder'
  | 'text_encoder_2'
  | 'vae_encoder'
  | 'vae_decoder'
  | 'unet9'
  | 'unet4'
  | 'refiner';

interface WeightRule {
  readonly seed: number;
  readonly elements: number;
  readonly scale: number;
  /** Absent: 0. */
  readonly base?: number;
}

/** `uniform` of tools/models/sdxl/twin.py, to the bit. */
function uniform({ seed, elements, scale, base = 0 }: WeightRule): Float32Array<ArrayBuffer> {
  let state = seed;
  return Float32Array.from({ length: elements }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return base + scale * (state / 2 ** 31 - 1);
  });
}

/** The weights of one network, for `openNetwork`. */
export function sdxlTwinWeights(network: SdxlTwinNetwork): readonly ExternalFile[] {
  const path = `${network}.weights` as const;
  const rules: readonly WeightRule[] = weights[path];
  return [{ path, data: new Blob(rules.map(uniform)) }];
}
