/** Restores faces. Its memory is given back with the worker: a processor's network keeps what it once took. */
import type { RestorerEngine } from '../src/engines/contracts';
import { buffersOf, move } from '../src/rpc/move';
import { serve } from '../src/rpc/serve';
import { checkedGpu } from './gpu/checkedGpu';
import { diskPack } from './ort/diskPack';
import { useEveryCore } from './ort/runtime';
import { createRestorer } from './restoration/engine';

// Half a minute of work, in which the page only waits.
useEveryCore();

const restorer = createRestorer({
  pack: (id, device) => diskPack(id, device === 'gpu' ? checkedGpu : null),
});

const engine: RestorerEngine = {
  restore: async (request, signal, report) => {
    const restored = await restorer.restore(request, signal, report);
    return move(restored, buffersOf(restored.parsed ? [restored.face, restored.parsed] : [restored.face]));
  },
};

serve(engine);
