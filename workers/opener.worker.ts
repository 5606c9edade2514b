/** Opens eyes with the network that the app ships. */
import { loadGraph } from '../src/models/embedded';
import { serve } from '../src/rpc/serve';
import { createOpener } from './opener/engine';
import { openNetwork } from './ort/network';

serve(
  createOpener(async () => {
    const { model, spec } = await loadGraph('eyes', 'open_eyes.onnx');
    return await openNetwork(model, { spec });
  }),
);
