/** Loads a pack from the disk onto the GPU, as a heavy engine would, and runs it once. */
import { openPack } from '../../../src/models/openPack';
import { serve } from '../../../src/rpc/serve';
import { unetOf } from '../../../workers/diffusion/graphs';
import { TorchNoise } from '../../../workers/diffusion/noise/torchNoise';
import { LATENT_PX } from '../../../workers/diffusion/picture';
import { diskMemory } from '../../../workers/gpu/diskMemory';
import { createGpu } from '../../../workers/gpu/gpu';
import { diskPack } from '../../../workers/ort/diskPack';
import { openNetwork } from '../../../workers/ort/network';

let unet;
/** Of the picture, in latents. */
let side;

serve({
  async loadUnet({ pack: id, sidePx }, signal) {
    side = sidePx / LATENT_PX;
    const gpu = createGpu(diskMemory);
    const device = await gpu.open(signal);
    const startMs = performance.now();
    const pack = await diskPack(id, async () => device);
    unet = await pack.open('unet', { batch: 1, height: side, width: side }, signal);
    return performance.now() - startMs;
  },

  async step() {
    const noise = new TorchNoise(1);
    const tensor = (...dims) => ({ data: noise.randn(dims.reduce((a, b) => a * b)), dims });
    const startMs = performance.now();
    const { data } = await unetOf((feeds) => unet.run(feeds))({
      sample: tensor(1, 9, side, side),
      timestep: 501,
      prompt: tensor(1, 77, 2048),
      pooled: tensor(1, 1280),
      timeIds: { data: Float32Array.of(512, 512, 0, 0, 512, 512), dims: [1, 6] },
    });
    const spread = Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length);
    return { ms: performance.now() - startMs, spread };
  },

  async load(pack, signal) {
    const gpu = await createGpu(diskMemory).open(signal);
    const startMs = performance.now();
    const { files } = await openPack(pack);
    const { 'model.onnx': model, ...weights } = files;
    const externalData = Object.entries(weights).map(([path, data]) => ({ path, data }));
    const network = await openNetwork(model, { gpu, externalData, fixedSizes: {} });
    const ms = performance.now() - startMs;
    const data = Float32Array.from({ length: 4096 }, (_, i) => Math.sin(i));
    const { output } = await network.run({ input: { data, dims: [1, 4096] } });
    await network.release();
    gpu.destroy();
    return { ms, output: Math.sqrt(output.data.reduce((sum, x) => sum + x * x, 0) / 4096) };
  },
});
