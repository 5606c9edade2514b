import type { TensorSpec } from '../../src/core/pack';
import { arrayTypes, isTensorType, type Tensor, type Tensors } from './tensor';

/**
 * Checks what a run is given: every input, nothing else, of the right type and shape. A named dimension is free, but
 * has one value in a run.
 * @throws RangeError quoting both shapes.
 */
export function expectFeeds(inputs: readonly TensorSpec[], feeds: Tensors): void {
  const named = new Map<string, { readonly size: number; readonly input: string }>();
  for (const input of inputs) {
    const feed = feeds[input.name];
    if (!feed) throw new RangeError(`input ${input.name} (${typeAndShape(input)}) was not fed`);
    const misfit = `input ${input.name} wants ${typeAndShape(input)}, got ${typeOf(input, feed)} [${feed.dims.join(', ')}]`;
    const fits =
      isTensorType(input.type) &&
      feed.data instanceof arrayTypes[input.type] &&
      feed.dims.length === input.dims.length &&
      input.dims.every((dim, i) => typeof dim === 'string' || dim === feed.dims[i]);
    if (!fits) throw new RangeError(misfit);
    for (const [i, dim] of input.dims.entries()) {
      if (typeof dim !== 'string') continue;
      const size = feed.dims[i]!;
      const first = named.get(dim);
      if (first && first.size !== size) {
        throw new RangeError(`${misfit}, but ${dim} is ${first.size} in input ${first.input}`);
      }
      if (!first) named.set(dim, { size, input: input.name });
    }
    const wanted = feed.dims.reduce((product, size) => product * size, 1);
    if (feed.data.length !== wanted) {
      throw new RangeError(`${misfit} with ${feed.data.length} values instead of ${wanted}`);
    }
  }
  const unknown = Object.keys(feeds).find((name) => !inputs.some((input) => input.name === name));
  if (unknown !== undefined) {
    throw new RangeError(`there is no input ${unknown}, only ${inputs.map(({ name }) => name).join(', ')}`);
  }
}

/** As `float32 [1, 3, height, width]`. */
export function typeAndShape({ type, dims }: TensorSpec): string {
  return `${type} [${dims.join(', ')}]`;
}

/** The fed type's name: the wanted one where the array can stand for it (uint8 and bool share theirs). */
function typeOf({ type }: TensorSpec, { data }: Tensor): string {
  const names = Object.entries(arrayTypes).filter(([, array]) => data instanceof array);
  return names.find(([name]) => name === type)?.[0] ?? names[0]?.[0] ?? data.constructor.name;
}
