/** Paints open eyes with a diffusion model, on the GPU. */
import type { PaintResult } from '../src/core/painting';
import type { PainterEngine } from '../src/engines/contracts';
import { buffersOf, move } from '../src/rpc/move';
import { serve } from '../src/rpc/serve';
import { diskCheckpoints } from './diffusion/diskCheckpoints';
import { createPainter } from './diffusion/engine';
import { diskMemory } from './gpu/diskMemory';
import { createGpu } from './gpu/gpu';
import { openOnce } from './gpu/openOnce';
import { diskPack } from './ort/diskPack';

const checkedGpu = openOnce((signal) => createGpu(diskMemory).open(signal));

const painter = createPainter({
  pack: (id) => diskPack(id, checkedGpu),
  checkpoints: diskCheckpoints,
});

const engine: PainterEngine = {
  ...painter,
  paint: async (request, signal, report) => moved(await painter.paint(request, signal, report)),
};

function moved(result: PaintResult): PaintResult {
  const candidates = result.faces.flatMap((face) => face.candidates);
  return move(
    result,
    candidates.flatMap(({ pixels, mask }) => buffersOf([pixels, mask])),
  );
}

serve(engine);
