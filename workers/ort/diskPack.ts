/** A model pack from this computer's disk. */
import { AppError, withDetails } from '../../src/core/errors';
import type { OpenPack } from '../../src/core/packDisk';
import { openPackIfWhole, readPackFile } from '../../src/models/openPack';
import type { GpuDevice } from '../gpu/device';
import { type Network, openNetwork } from './network';

export interface ModelPack {
  readonly revision: string;
  /** @throws AppError model-corrupt when it has no such file; model-missing (`details.lost`) when the disk does not give it */
  text(path: string): Promise<string>;
  /**
   * `NAME.onnx` with its weights. @param sizes of its named dimensions, where they never change.
   * @throws AppError as `openNetwork` and `text`; gpu-missing, gpu-wrong
   */
  open(name: string, sizes: Readonly<Record<string, number>> | null, signal: AbortSignal): Promise<Network>;
}

/** Gives a checked device. Null: on the CPU. */
type Gpu = ((signal: AbortSignal) => Promise<GpuDevice>) | null;

/** @returns null: not whole here. @throws AppError model-missing (`details.lost`) */
export async function diskPack(id: string, gpu: Gpu): Promise<ModelPack | null> {
  const opened = await openPackIfWhole(id);
  return opened && packOf(opened, gpu);
}

/** The same from handles that are at hand. */
export function packOf(opened: OpenPack, gpu: Gpu): ModelPack {
  const { pack, files } = opened;
  const weightsOf = (name: string) =>
    Object.entries(files)
      .filter(([path]) => path.startsWith(`${name}.`) && path.endsWith('.weights'))
      .map(([path, data]) => ({ path, data }));
  return {
    revision: pack.revision,
    text: async (path) => new TextDecoder().decode(await readPackFile(opened, path)),
    async open(name, sizes, signal) {
      const path = `${name}.onnx`;
      const model = await readPackFile(opened, path);
      const spec = pack.tensors.find((graph) => graph.path === path);
      const device = gpu && (await gpu(signal));
      signal.throwIfAborted();
      return await openNetwork(model, {
        externalData: weightsOf(name),
        ...(device && { gpu: device }),
        ...(device && sizes && { fixedSizes: sizes }),
        ...(spec && { spec }),
      }).catch((error: unknown) => {
        if (!(error instanceof AppError) || error.code !== 'model-corrupt') throw error;
        throw withDetails(error, { path }, `${path}: ${error.message}`);
      });
    },
  };
}

/** Errors with the name of the pack that they are about: a person can only do something about that. */
export async function namingPack<T>(pack: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof AppError ? withDetails(error, { pack }) : error;
  }
}
