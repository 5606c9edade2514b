/**
 * Numbers from -1 to 1 that float16 holds exactly: the top byte of a linear congruential generator.
 * `tools/models/self_check.py` has its twin.
 */
export function noise(seed: number, length: number): Float32Array<ArrayBuffer> {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 24) / 128 - 1;
  });
}
