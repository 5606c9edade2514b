import { loadPackFile } from '../src/models/embedded';
import { serve } from '../src/rpc/serve';
import { openNetwork } from './ort/network';
import { createVision } from './vision/engine';

serve(
  createVision(
    async () => {
      const [detector, mesh] = await Promise.all([
        loadPackFile('faces', 'yunet_s.onnx'),
        loadPackFile('faces', 'face_mesh_478.onnx'),
      ]);
      return {
        detector: await openNetwork(detector),
        mesh: await openNetwork(mesh),
      };
    },
    async () => openNetwork(await loadPackFile('identity', 'dlib_resnet_128.onnx')),
  ),
);
