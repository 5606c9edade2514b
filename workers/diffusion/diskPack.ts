/** A painter's pack from this computer's disk. */
import { AppError, withDetails } from '../../src/core/errors';
import type { OpenPack } from '../../src/core/packDisk';
import { openPackIfWhole, readPackFile } from '../../src/models/openPack';
import type { GpuDevice } from '../gpu/device';
import { openNetwork } from '../ort/network';
import type { PainterPack } from './engine';

/** Gives a checked device. Null: on the CPU. */
type Gpu = ((signal: AbortSignal) => Promise<GpuDevice>) | null;

/** @returns null: not whole here. @throws AppError model-missing (`details.lost`) */
export async function diskPack(id: string, gpu: Gpu): Promise<PainterPack | null> {
  const opened = await openPackIfWhole(id);
  return opened && packOf(opened, gpu);
}

/** The same from handles that are at hand. */
export function packOf(opened: OpenPack, gpu: Gpu): PainterPack {
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
