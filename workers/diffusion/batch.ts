/** Several tensors as one batch, and back. */
import { expectSameDims, type FloatTensor } from '../ort/tensor';

/**
 * [n, …], [m, …], … → [n + m + …, …], in order.
 * @throws RangeError when more than the first dimension differs.
 */
export function stacked(tensors: readonly FloatTensor[]): FloatTensor {
  const [first, ...others] = tensors;
  if (!first) throw new RangeError('a batch of nothing has no shape');
  if (!others.length) return first;
  for (const other of others) expectSameDims(rowOf(first), rowOf(other));
  const data = new Float32Array(tensors.reduce((length, tensor) => length + tensor.data.length, 0));
  let at = 0;
  for (const tensor of tensors) {
    data.set(tensor.data, at);
    at += tensor.data.length;
  }
  const items = tensors.reduce((count, { dims }) => count + dims[0]!, 0);
  return { data, dims: [items, ...first.dims.slice(1)] };
}

/**
 * The parts of a batch, in the same memory. @param counts items of each part
 * @throws RangeError when they are not all of it.
 */
export function unstacked({ data, dims }: FloatTensor, counts: readonly number[]): readonly FloatTensor[] {
  const [items, ...rest] = dims;
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total !== items) throw new RangeError(`a batch of ${items} is not ${counts.join(' + ')}`);
  const size = data.length / items;
  let at = 0;
  return counts.map((count) => {
    const part = data.subarray(at * size, (at + count) * size);
    at += count;
    return { data: part, dims: [count, ...rest] };
  });
}

function rowOf({ data, dims }: FloatTensor): FloatTensor {
  return { data, dims: [1, ...dims.slice(1)] };
}
