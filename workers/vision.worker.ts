import type { PackDetector } from '../src/core/look';
import { loadGraph } from '../src/models/embedded';
import { openPackIfWhole, readPackFile } from '../src/models/openPack';
import { serve } from '../src/rpc/serve';
import { checkedGpu } from './gpu/checkedGpu';
import { openNetwork } from './ort/network';
import { createVision } from './vision/engine';
import type { NetworkPack, ShippedNetwork } from './vision/networks';

const SHIPPED = {
  yunet: ['faces', 'yunet_s.onnx'],
  mesh: ['faces', 'face_mesh_478.onnx'],
  identity: ['identity', 'dlib_resnet_128.onnx'],
} as const satisfies Record<ShippedNetwork, readonly [pack: string, path: string]>;

async function packHere(id: PackDetector): Promise<NetworkPack | null> {
  const opened = await openPackIfWhole(id);
  return (
    opened && {
      revision: opened.pack.revision,
      async open(path, on, signal) {
        const model = await readPackFile(opened, path);
        const spec = opened.pack.tensors.find((graph) => graph.path === path);
        const gpu = on === 'gpu' ? { gpu: await checkedGpu(signal) } : {};
        return await openNetwork(model, { ...gpu, ...(spec && { spec }) });
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
