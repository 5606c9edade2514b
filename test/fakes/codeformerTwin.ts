/** CodeFormer in small, tools/models/codeformer/twin.py: the weights that its graph does not carry are made here. */
import { noise } from '../../workers/gpu/noise';
import type { ExternalFile } from '../../workers/ort/network';
import type { Tensors } from '../../workers/ort/tensor';
import golden from '../golden/codeformer_twin.json' with { type: 'json' };
import weights from '../twins/codeformer/weights.json' with { type: 'json' };
import { twinWeights, type WeightRule } from './twinWeights';

const rules: readonly WeightRule[] = weights;
const [batch, channels, height, width] = golden.dims as [number, number, number, number];

export const codeformerTwinFidelities = golden.answers.map(({ fidelity }) => fidelity);

let made: readonly ExternalFile[] | undefined;

/** For `openNetwork`, with test/twins/codeformer/codeformer.onnx. */
export function codeformerTwinWeights(): readonly ExternalFile[] {
  made ??= [{ path: 'codeformer.weights', data: twinWeights(rules) }];
  return made;
}

/** What PyTorch was fed for the golden answer. */
export function codeformerTwinFeeds(fidelity: number): Tensors {
  return {
    input: { data: noise(golden.seed, batch * channels * height * width), dims: golden.dims },
    weight: { data: Float32Array.of(fidelity), dims: [1] },
  };
}

/** The largest distance from what the reference code answers. @throws Error when `output` is missing or of another shape. */
export function codeformerTwinDifference(fidelity: number, { output }: Tensors): number {
  if (String(output?.dims) !== String(golden.dims))
    throw new Error(`[${output?.dims}], not [${golden.dims}]`);
  const { values } = golden.answers.find((answer) => answer.fidelity === fidelity)!;
  return Math.max(...values.map((value, i) => Math.abs(Number(output!.data[i * golden.every]) - value)));
}
