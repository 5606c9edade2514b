import { AppError } from '../../src/core/errors';
import type { CheckedOperator } from '../../src/core/gpu';
import { openNetwork } from '../ort/network';
import { asFloats, type FloatTensor, type Tensors } from '../ort/tensor';
import { pause } from '../pause';
import { type CheckCase, loadGraph, type Precision } from './cases';
import type { GpuDevice } from './device';
import { noise } from './noise';

/**
 * Largest difference that is right, of the case's largest value. Measured with Dawn on SwiftShader and llvmpipe: right
 * kernels differ by up to 4e-5 in float32 and, where sums are kept in float16, by 3e-3; the wrong ones known so far by
 * 0.04 (attention on subgroups of 8, in both precisions), 0.4 (of 4) and 1 (9 channels).
 */
const TOLERANCES: Readonly<Record<Precision, number>> = { float32: 1e-3, float16: 2e-2 };

/**
 * Computes the cases on the device, in float16 too where it can.
 * @returns operators whose results are wrong, or that the device does not compute at all.
 * @throws AppError engine-lost when the device is gone.
 */
export async function selfCheck(
  gpu: GpuDevice,
  cases: readonly CheckCase[],
  signal: AbortSignal,
): Promise<readonly CheckedOperator[]> {
  const precisions: readonly Precision[] = gpu.device.features.has('shader-f16')
    ? ['float32', 'float16']
    : ['float32'];
  const wrong: CheckedOperator[] = [];
  for (const one of cases) {
    for (const precision of precisions) {
      await pause(signal);
      if (await isRight(gpu, one, precision)) continue;
      wrong.push(one.operator);
      break;
    }
  }
  return wrong;
}

async function isRight(gpu: GpuDevice, one: CheckCase, precision: Precision): Promise<boolean> {
  const graph = await loadGraph(one.operator, precision);
  try {
    const network = await openNetwork(graph, { gpu, fixedSizes: {} });
    try {
      const outputs = asFloats(await network.run(feedsOf(one)));
      return one.outputs.every((wanted) => agrees(outputs[wanted.name]!, wanted, TOLERANCES[precision]));
    } finally {
      await network.release();
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    // A kernel that this GPU's driver does not take.
    return false;
  }
}

function feedsOf({ inputs }: CheckCase): Tensors {
  return Object.fromEntries(
    inputs.map(({ name, dims, seed, scale, offset }) => {
      const length = dims.reduce((product, size) => product * size, 1);
      return [name, { data: noise(seed, length).map((value) => value * scale + offset), dims }];
    }),
  );
}

function agrees(
  { data }: FloatTensor,
  { step, values }: CheckCase['outputs'][number],
  tolerance: number,
): boolean {
  const limit = tolerance * values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // Not a number is never within the limit.
  return values.every((value, i) => Math.abs(data[i * step]! - value) <= limit);
}
