/** SDXL's networks in small, tools/models/sdxl/twin.py: the weights that their graphs do not carry are made here. */
import { noise } from '../../workers/gpu/noise';
import type { ExternalFile } from '../../workers/ort/network';
import type { Tensor, Tensors } from '../../workers/ort/tensor';
import golden from '../golden/sdxl_twin.json' with { type: 'json' };
import weights from '../twins/sdxl/weights.json' with { type: 'json' };
import { twinWeights, type WeightRule } from './twinWeights';

export type SdxlTwinNetwork = keyof typeof golden;

export const sdxlTwinNetworks = Object.keys(golden) as SdxlTwinNetwork[];

interface Feed {
  readonly dims: readonly number[];
  /** Of `noise`; absent where the values are given. */
  readonly seed?: number;
  readonly values?: readonly number[];
}

interface Output {
  readonly dims: readonly number[];
  /** Every so manyth value is stored. */
  readonly every: number;
  readonly values: readonly number[];
}

const made = new Map<SdxlTwinNetwork, ExternalFile>();

/** The weights of one network, for `openNetwork`. */
export function sdxlTwinWeights(network: SdxlTwinNetwork): readonly ExternalFile[] {
  const path = `${network}.weights` as const;
  const rules: readonly WeightRule[] = weights[path];
  const file = made.get(network) ?? { path, data: twinWeights(rules) };
  made.set(network, file);
  return [file];
}

/** What PyTorch was fed for the golden answer. */
export function sdxlTwinFeeds(network: SdxlTwinNetwork): Tensors {
  const feeds: Readonly<Record<string, Feed>> = golden[network].feeds;
  return Object.fromEntries(Object.entries(feeds).map(([input, feed]) => [input, tensorOf(input, feed)]));
}

function tensorOf(name: string, { dims, seed, values }: Feed): Tensor {
  if (!values) {
    const count = dims.reduce((product, n) => product * n, 1);
    return { data: noise(seed!, count), dims };
  }
  return { data: name === 'input_ids' ? Int32Array.from(values) : Float32Array.from(values), dims };
}

/** How far these are from PyTorch's answer, over all outputs. @throws Error when one is missing or of another shape. */
export function sdxlTwinDifference(network: SdxlTwinNetwork, found: Tensors): number {
  const outputs: Readonly<Record<string, Output>> = golden[network].outputs;
  const differences = Object.entries(outputs).flatMap(([output, { dims, every, values }]) => {
    const tensor = found[output];
    if (String(tensor?.dims) !== String(dims)) throw new Error(`${output}: [${tensor?.dims}], not [${dims}]`);
    return values.map((value, i) => Math.abs(Number(tensor!.data[i * every]) - value));
  });
  return Math.max(...differences);
}
