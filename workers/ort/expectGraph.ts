import { AppError } from '../../src/core/errors';
import type { GraphSpec, TensorSpec } from '../../src/core/pack';
import { typeAndShape } from './expectFeeds';

export interface GraphEnds {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/**
 * Checks that a loaded graph is the one the catalog speaks of.
 * @param sizes of named dimensions that were fixed when it was loaded.
 * @throws AppError model-corrupt, quoting what was found and what was expected.
 */
export function expectGraph(
  spec: GraphSpec,
  found: GraphEnds,
  sizes: Readonly<Record<string, number>>,
): void {
  for (const end of ['inputs', 'outputs'] as const) {
    for (const name of new Set([...spec[end], ...found[end]].map((tensor) => tensor.name))) {
      const wanted = spec[end].find((tensor) => tensor.name === name);
      const has = found[end].find((tensor) => tensor.name === name);
      if (wanted && has && agree(wanted, has, (dim, size) => end === 'outputs' || size === sizes[dim]))
        continue;
      const [foundText, expectedText] = [has, wanted].map((tensor) =>
        tensor ? typeAndShape(tensor) : 'absent',
      );
      throw new AppError(
        'model-corrupt',
        `${spec.path}: among its ${end} ${name} is ${foundText}, the catalog says ${expectedText}`,
        { path: spec.path, tensor: name, found: foundText!, expected: expectedText! },
      );
    }
  }
}

/**
 * @param mayBe whether a named dimension may have that size. For outputs any: exporters leave the sizes of the input
 * they traced with (InsightFace's det_10g says 12800 cells, and runs at every size).
 */
function agree(
  wanted: TensorSpec,
  found: TensorSpec,
  mayBe: (dim: string, size: number) => boolean,
): boolean {
  return (
    wanted.type === found.type &&
    wanted.dims.length === found.dims.length &&
    wanted.dims.every((dim, i) => {
      const has = found.dims[i]!;
      if (typeof dim === 'number') return has === dim;
      return typeof has === 'string' || mayBe(dim, has);
    })
  );
}
