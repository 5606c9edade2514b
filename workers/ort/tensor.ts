/** Arrays by onnxruntime's type names. float16 as its bits: not every browser has a Float16Array. */
export const arrayTypes = {
  float32: Float32Array,
  float16: Uint16Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

export type TensorType = keyof typeof arrayTypes;

export type TensorData =
  | Float32Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

/** Row-major. */
export interface Tensor<Data extends TensorData = TensorData> {
  readonly data: Data;
  readonly dims: readonly number[];
}

export type FloatTensor = Tensor<Float32Array<ArrayBuffer>>;

/** By name. */
export type Tensors<T extends Tensor = Tensor> = Readonly<Record<string, T>>;

export function isTensorType(type: string): type is TensorType {
  return type in arrayTypes;
}

/** @throws RangeError when one of them is not float32. */
export function asFloats(tensors: Tensors): Tensors<FloatTensor> {
  for (const [name, { data }] of Object.entries(tensors)) {
    if (!(data instanceof Float32Array)) throw new RangeError(`${name} is not float32`);
  }
  return tensors as Tensors<FloatTensor>;
}

/** @throws RangeError quoting both shapes when they differ. */
export function expectSameDims(a: Tensor, b: Tensor): void {
  if (a.dims.length !== b.dims.length || a.dims.some((size, i) => size !== b.dims[i]))
    throw new RangeError(`shapes differ: [${a.dims.join(', ')}] and [${b.dims.join(', ')}]`);
}

/** NaN and infinities survive every sum, so one look at it is enough. */
export function areFinite(values: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i]!;
  return Number.isFinite(sum);
}
