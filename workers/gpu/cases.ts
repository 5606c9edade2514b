/** The self-check's graphs and the numbers they must give, made by `tools/models/self_check.py`. */
import { AppError } from '../../src/core/errors';
import type { CheckedOperator } from '../../src/core/gpu';
import content from './cases/cases.json';

export type Precision = 'float32' | 'float16';

export interface CheckCase {
  readonly operator: CheckedOperator;
  /** `scale · noise(seed) + offset`. */
  readonly inputs: readonly {
    readonly name: string;
    readonly dims: readonly number[];
    readonly seed: number;
    readonly scale: number;
    readonly offset: number;
  }[];
  readonly outputs: readonly {
    readonly name: string;
    readonly dims: readonly number[];
    /** `values` are every `step`th of the output, from the first. */
    readonly step: number;
    readonly values: readonly number[];
  }[];
}

export interface CheckCases {
  /** Of graphs and numbers. */
  readonly revision: string;
  readonly cases: readonly CheckCase[];
}

const urls: Readonly<Record<string, string>> = import.meta.glob('./cases/*.onnx', {
  query: '?url',
  import: 'default',
  eager: true,
});

export const checkCases: CheckCases = content as unknown as CheckCases;

/** The case's graph; float32 at its ends in both precisions. */
export async function loadGraph(operator: CheckedOperator, precision: Precision): Promise<Uint8Array> {
  const url = urls[`./cases/${operator}.${precision}.onnx`]!;
  const response = await fetch(url).catch(() => null);
  if (!response?.ok) throw new AppError('model-missing', `${url} was not served`, { path: url });
  return new Uint8Array(await response.arrayBuffer());
}
