import { AppError } from '../src/core/errors';
import type { PackDetector } from '../src/core/look';
import { loadGraph } from '../src/models/embedded';
import { openPack } from '../src/models/openPack';
import { serve } from '../src/rpc/serve';
import type { GpuDevice } from './gpu/device';
import { openNetwork } from './ort/network';
import { createVision } from './vision/engine';
import type { NetworkPack, ShippedNetwork } from './vision/networks';

const SHIPPED = {
  yunet: ['faces', 'yunet_s.onnx'],
  mesh: ['faces', 'face_mesh_478.onnx'],
  identity: ['identity', 'dlib_resnet_128.onnx'],
} as const satisfies Record<ShippedNetwork, readonly [pack: string, path: string]>;

let device: Promise<GpuDevice> | null = null;

/** Checked, and opened once; one that failed is forgotten so that it can be tried again. */
function checkedGpu(signal: AbortSignal): Promise<GpuDevice> {
  device ??= openGpu(signal).catch((error: unknown) => {
    device = null;
    throw error;
  });
  return device;
}

/** Its code is fetched with it: nearly nobody asks for it here. */
async function openGpu(signal: AbortSignal): Promise<GpuDevice> {
  const [{ createGpu }, { diskMemory }] = await Promise.all([
    import('./gpu/gpu'),
    import('./gpu/diskMemory'),
  ]);
  return createGpu(diskMemory).open(signal);
}

/** @throws AppError model-missing when the disk does not give it */
async function bytesOf(file: Blob, path: string): Promise<Uint8Array> {
  const bytes = await file.arrayBuffer().catch((cause: unknown) => {
    throw new AppError('model-missing', `${path} cannot be read`, { path, lost: true }, { cause });
  });
  return new Uint8Array(bytes);
}

async function packHere(id: PackDetector): Promise<NetworkPack | null> {
  const opened = await openPack(id).catch((error: unknown) => {
    // Not whole is an answer; a disk that lost a part is not.
    if (error instanceof AppError && error.code === 'model-missing' && !error.details['lost']) return null;
    throw error;
  });
  return (
    opened && {
      revision: opened.pack.revision,
      async open(path, on, signal) {
        const model = opened.files[path];
        if (!model) throw new AppError('model-corrupt', `${id} has no ${path}`, { pack: id, path });
        const spec = opened.pack.tensors.find((graph) => graph.path === path);
        const gpu = on === 'gpu' ? { gpu: await checkedGpu(signal) } : {};
        return await openNetwork(await bytesOf(model, path), { ...gpu, ...(spec && { spec }) });
      },
    }
  );
}

serve(
  createVision({
    async shipped(network) {
      const [pack, path] = SHIPPED[network];
      const { model, spec } = await loadGraph(pack, path);
      return await openNetwork(model, { spec });
    },
    pack: packHere,
  }),
);
