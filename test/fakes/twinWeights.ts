/** The weights that twins' graphs do not carry: tools/models/planting.py makes the same ones, to the bit. */

export interface WeightRule {
  readonly seed: number;
  readonly elements: number;
  readonly scale: number;
  /** Absent: 0. */
  readonly base?: number;
}

/** The weights file of these, in their order. */
export function twinWeights(rules: readonly WeightRule[]): Blob {
  return new Blob(rules.map(uniform));
}

function uniform({ seed, elements, scale, base = 0 }: WeightRule): Float32Array<ArrayBuffer> {
  let state = seed;
  return Float32Array.from({ length: elements }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return base + scale * (state / 2 ** 31 - 1);
  });
}
