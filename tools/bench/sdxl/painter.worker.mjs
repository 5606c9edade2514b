/** The painter's own code on the GPU, on the twins of test/twins/sdxl. */
import { serve } from '../../../src/rpc/serve';
import { makePaintFace, makePaintRequest, PAINT_SETTINGS } from '../../../test/fakes/paintFaces';
import { largeSdxlCases, sdxlCases, sdxlDifference } from '../../../test/fakes/sdxlCases';
import { sdxlPack } from '../../../test/fakes/sdxlPack';
import { sdxlTwinWeights } from '../../../test/fakes/sdxlTwin';
import { diskCheckpoints } from '../../../workers/diffusion/diskCheckpoints';
import { createPainter } from '../../../workers/diffusion/engine';
import { diskMemory } from '../../../workers/gpu/diskMemory';
import { createGpu } from '../../../workers/gpu/gpu';
import { packOf } from '../../../workers/ort/diskPack';
import { openNetwork } from '../../../workers/ort/network';

let device;

function gpu(signal) {
  device ??= createGpu(diskMemory).open(signal);
  return device;
}

async function readGraph(name) {
  const response = await fetch(`/test/twins/sdxl/${name}.onnx`);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

serve({
  /** So that a first run does not pay for the self-check, nor the weights, which are made and not read. */
  async warmUp(_order, signal) {
    (await gpu(signal)).destroy();
  },

  /** @returns loads and times of one call with these seeds */
  async paint({ seeds }, signal) {
    const files = await sdxlPack('unet9', readGraph);
    const painter = createPainter({
      pack: async (id) => (id === files.pack.id ? packOf(files, gpu) : null),
      checkpoints: diskCheckpoints,
    });
    const face = makePaintFace({ settings: { ...PAINT_SETTINGS, steps: 2, strength: 1, guidanceScale: 1 } });
    const variations = seeds.map((seed) => ({ ...face.variations[0], seed }));
    const startMs = performance.now();
    const { loads, timesMs, faces } = await painter.paint(
      makePaintRequest([{ ...face, variations }]),
      signal,
    );
    if (faces[0].candidates.length !== seeds.length) throw new Error(JSON.stringify(faces[0].failures));
    return { ms: performance.now() - startMs, loads, timesMs };
  },

  /** @returns how far these cases are from diffusers: their latents and what they decode to. No indices: the large ones */
  async differences({ words, indices }, signal) {
    const cases = indices?.map((i) => sdxlCases[i]) ?? largeSdxlCases;
    const networks = new Map();
    const runTwin = async (name, feeds) => {
      const open = async () =>
        openNetwork(await readGraph(name), { gpu: await gpu(signal), externalData: sdxlTwinWeights(name) });
      if (!networks.has(name)) networks.set(name, open());
      return (await networks.get(name)).run(feeds);
    };
    const found = [];
    for (const one of cases) {
      const { latents, decoded } = await sdxlDifference(one, runTwin, words);
      found.push(latents, decoded);
    }
    return found;
  },
});
