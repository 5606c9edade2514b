/** The vision engine under Node with the shipped networks, each loaded on its first use. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { VisionEngine } from '../../src/engines/contracts';
import { openNetwork } from '../../workers/ort/network';
import { createVision } from '../../workers/vision/engine';

const models = resolve(import.meta.dirname, '../../public/models');
const open = (path: string) => openNetwork(readFileSync(resolve(models, path)));

export function nodeVision(): VisionEngine {
  return createVision(
    async () => ({
      detector: await open('faces/yunet_s.onnx'),
      mesh: await open('faces/face_mesh_478.onnx'),
    }),
    () => open('identity/dlib_resnet_128.onnx'),
  );
}
