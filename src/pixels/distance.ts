/** Exact Euclidean distances on a pixel grid (Felzenszwalb & Huttenlocher 2012). */

/**
 * For every pixel the distance in px from its centre to the centre of the nearest pixel that `marked` says yes to;
 * 0 there, Infinity when there is none. `marked` gets the row-major index.
 */
export function distancesTo(
  width: number,
  height: number,
  marked: (index: number) => boolean,
): Float32Array<ArrayBuffer> {
  const squared = new Float32Array(width * height);
  for (let i = 0; i < squared.length; i++) squared[i] = marked(i) ? 0 : FAR;
  const longest = Math.max(width, height);
  const work: Work = {
    line: new Float64Array(longest),
    at: new Int32Array(longest),
    from: new Float64Array(longest + 1),
  };
  for (let x = 0; x < width; x++) passLine(squared, x, width, height, work);
  for (let y = 0; y < height; y++) passLine(squared, y * width, 1, width, work);
  for (let i = 0; i < squared.length; i++)
    squared[i] = squared[i]! >= FAR ? Infinity : Math.sqrt(squared[i]!);
  return squared;
}

/** Larger than any squared distance in a picture, small enough to add to; a power of two, which float32 keeps as it is. */
const FAR = 2 ** 40;

interface Work {
  readonly line: Float64Array;
  readonly at: Int32Array;
  readonly from: Float64Array;
}

/** Lower envelope of the parabolas of one row or column, in place. */
function passLine(values: Float32Array, start: number, step: number, count: number, work: Work): void {
  const { line, at, from } = work;
  for (let i = 0; i < count; i++) line[i] = values[start + i * step]!;
  let last = 0;
  at[0] = 0;
  from[0] = -Infinity;
  from[1] = Infinity;
  for (let q = 1; q < count; q++) {
    let meet = crossing(line, q, at[last]!);
    while (meet <= from[last]!) {
      last--;
      meet = crossing(line, q, at[last]!);
    }
    last++;
    at[last] = q;
    from[last] = meet;
    from[last + 1] = Infinity;
  }
  let k = 0;
  for (let q = 0; q < count; q++) {
    while (from[k + 1]! < q) k++;
    const p = at[k]!;
    values[start + q * step] = Math.min(FAR, (q - p) * (q - p) + line[p]!);
  }
}

function crossing(line: Float64Array, q: number, p: number): number {
  return (line[q]! + q * q - (line[p]! + p * p)) / (2 * (q - p));
}
