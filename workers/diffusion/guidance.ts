/** Classifier-free guidance (spec B.9, steps 4 and 5). */
import { expectSameDims, type FloatTensor } from '../ort/tensor';

/**
 * negative + scale · (positive − negative) and, if `rescale` is above 0, that share of it brought back to the deviation
 * of `positive`, item by item (https://arxiv.org/abs/2305.08891, section 3.4). Float32, operation by operation.
 * Guidance is on above a scale of 1 only: at or below, the pipeline runs the positive prompt alone.
 * @param rescale 0..1
 * @throws RangeError when shapes differ.
 */
export function guided(
  negative: FloatTensor,
  positive: FloatTensor,
  scale: number,
  rescale = 0,
): FloatTensor {
  expectSameDims(negative, positive);
  const factor = Math.fround(scale);
  const data = negative.data.map((base, i) => {
    const away = Math.fround(positive.data[i]! - base);
    return base + Math.fround(factor * away);
  });
  if (rescale > 0) bringBack(data, positive, rescale);
  return { data, dims: negative.dims };
}

function bringBack(guidedData: Float32Array, { data, dims }: FloatTensor, rescale: number): void {
  const size = data.length / dims[0]!;
  const share = Math.fround(rescale);
  const rest = Math.fround(1 - rescale);
  for (let start = 0; start < data.length; start += size) {
    const item = guidedData.subarray(start, start + size);
    const wanted = deviationOf(data.subarray(start, start + size));
    const ratio = Math.fround(wanted / deviationOf(item));
    for (const [i, value] of item.entries())
      item[i] = Math.fround(share * Math.fround(value * ratio)) + Math.fround(rest * value);
  }
}

/** Of a sample (n − 1), summed in doubles, rounded to float32. */
function deviationOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.fround(Math.sqrt(squares / (values.length - 1)));
}
