/** A painter's pack from this computer's disk. */
import { AppError } from '../../src/core/errors';
import type { OpenPack } from '../../src/core/packDisk';
import { openPack } from '../../src/models/openPack';
import type { GpuDevice } from '../gpu/device';
import { openNetwork } from '../ort/network';
import type { PainterPack } from './engine';

/**
 * @param gpu a checked device. None: on the CPU.
 * @returns null: not whole here. @throws AppError model-missing (`details.lost`)
 */
export async function diskPack(
  id: string,
  gpu: ((signal: AbortSignal) => Promise<GpuDevice>) | null,
): Promise<PainterPack | null> {
  const opened = await openPack(id).catch((error: unknown) => {
    // Not whole is an answer; a disk that lost a part is not.
    if (error instanceof AppError && error.code === 'model-missing' && !error.details['lost']) return null;
    throw error;
  });
  return opened && packOf(opened, gpu);
}

/** The same from handles that are at hand. */
export function packOf(
  { pack, files }: OpenPack,
  gpu: ((signal: AbortSignal) => Promise<GpuDevice>) | null,
): PainterPack {
  const fileOf = (path: string): Blob => {
    const file = files[path];
    if (!file) throw new AppError('model-corrupt', `${pack.id} has no ${path}`, { path });
    return file;
  };
  const weightsOf = (name: string) =>
    Object.entries(files)
      .filter(([path]) => path.startsWith(`${name}.`) && path.endsWith('.weights'))
      .map(([path, data]) => ({ path, data }));
  return {
    revision: pack.revision,
    text: (path) => read(fileOf(path), path, (file) => file.text()),
    async open(name, sizes, signal) {
      const path = `${name}.onnx`;
      const model = new Uint8Array(await read(fileOf(path), path, (file) => file.arrayBuffer()));
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
        const { code, message, details } = error;
        throw new AppError(
          code,
          `${path}: ${message}`,
          { pack: pack.id, path, ...details },
          { cause: error },
        );
      });
    },
  };
}

async function read<T>(file: Blob, path: string, how: (file: Blob) => Promise<T>): Promise<T> {
  return await how(file).catch((cause: unknown) => {
    throw new AppError('model-missing', `${path} cannot be read`, { path, lost: true }, { cause });
  });
}
