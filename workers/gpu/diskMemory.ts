import type { GpuCheck } from '../../src/core/gpu';
import { gpuRow, putGpu } from '../../src/models/ledger';
import type { CheckMemory } from './gpu';

/** Self-checks kept beside the model packs. */
export const diskMemory: CheckMemory = {
  get: async (key) => (await gpuRow<GpuCheck>(key)) ?? null,
  put: putGpu,
};
