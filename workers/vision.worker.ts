import { loadGraph } from '../src/models/embedded';
import { serve } from '../src/rpc/serve';
import { type Network, openNetwork } from './ort/network';
import { createVision } from './vision/engine';

async function shipped(pack: string, path: string): Promise<Network> {
  const { model, spec } = await loadGraph(pack, path);
  return await openNetwork(model, { spec });
}

serve(
  createVision(
    async () => {
      const [detector, mesh] = await Promise.all([
        shipped('faces', 'yunet_s.onnx'),
        shipped('faces', 'face_mesh_478.onnx'),
      ]);
      return { detector, mesh };
    },
    () => shipped('identity', 'dlib_resnet_128.onnx'),
  ),
);
