/** Paints open eyes with a diffusion model, on the GPU. */
import { serve } from '../src/rpc/serve';
import { diskCheckpoints } from './diffusion/diskCheckpoints';
import { diskPack } from './diffusion/diskPack';
import { createPainter } from './diffusion/engine';
import type { GpuDevice } from './gpu/device';
import { diskMemory } from './gpu/diskMemory';
import { createGpu } from './gpu/gpu';

let device: Promise<GpuDevice> | null = null;

/** Checked, and opened once; one that failed is forgotten so that it can be tried again. */
function checkedGpu(signal: AbortSignal): Promise<GpuDevice> {
  device ??= createGpu(diskMemory)
    .open(signal)
    .catch((error: unknown) => {
      device = null;
      throw error;
    });
  return device;
}

serve(
  createPainter({
    pack: (id) => diskPack(id, checkedGpu),
    checkpoints: diskCheckpoints,
  }),
);
