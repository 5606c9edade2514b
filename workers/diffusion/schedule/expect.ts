/** @throws RangeError when `i` is not a whole number in 0..last */
export function expectIndex(i: number, last: number): void {
  if (!Number.isInteger(i) || i < 0 || i > last) throw new RangeError(`step ${i} is not one of 0..${last}`);
}

/** @throws RangeError when they are not of one length */
export function expectLength(name: string, values: Float32Array, latents: Float32Array): void {
  if (values.length !== latents.length) {
    throw new RangeError(`${name} has ${values.length} values, the latents have ${latents.length}`);
  }
}
