/** Loads a pack from the disk onto the GPU, as a heavy engine would, and runs it once. */
import { openPack } from '../../../src/models/openPack';
import { serve } from '../../../src/rpc/serve';
import { diskMemory } from '../../../workers/gpu/diskMemory';
import { createGpu } from '../../../workers/gpu/gpu';
import { openNetwork } from '../../../workers/ort/network';

serve({
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
