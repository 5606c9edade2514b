/** The vision engine under Node with the shipped networks, each loaded on its first use. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { VisionEngine } from '../../src/engines/contracts';
import { openNetwork } from '../../workers/ort/network';
import { createVision } from '../../workers/vision/engine';
import type { NetworkSource } from '../../workers/vision/networks';

const FILES = {
  yunet: 'faces/yunet_s.onnx',
  mesh: 'faces/face_mesh_478.onnx',
  identity: 'identity/dlib_resnet_128.onnx',
} as const;

const models = resolve(import.meta.dirname, '../../public/models');

export function nodeVision(pack: NetworkSource['pack'] = async () => null): VisionEngine {
  return createVision({
    shipped: (network) => openNetwork(readFileSync(resolve(models, FILES[network]))),
    pack,
  });
}
