/** Opens eyes with pixels of other open eyes. */

import { asAppError, isAbort } from '../src/core/errors';
import type { GenerationRequest, GenerationResult } from '../src/core/generation';
import type { GeneratorEngine, Report } from '../src/engines/contracts';
import { buffersOf, move } from '../src/rpc/move';
import { serve } from '../src/rpc/serve';
import { generate } from './donor/generate';
import { pause } from './pause';

const engine: GeneratorEngine = {
  async generate(request: GenerationRequest, signal: AbortSignal, report: Report = () => {}) {
    signal.throwIfAborted();
    try {
      return moved(await generate(request, () => pause(signal), report));
    } catch (error) {
      if (isAbort(error)) throw error;
      throw asAppError(error, 'GEN_001');
    }
  },
};

function moved(result: GenerationResult): GenerationResult {
  const parts = result.candidates.flatMap((c) => buffersOf([c.pixels, c.mask, ...(c.core ? [c.core] : [])]));
  return move(result, parts);
}

serve(engine);
