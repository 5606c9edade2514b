import type { GpuCheck } from '../src/core/gpu';
import { serve } from '../src/rpc/serve';
import { createGpu } from './gpu/gpu';

const checks = new Map<string, GpuCheck>();

const { facts, check } = createGpu({
  get: async (key) => checks.get(key) ?? null,
  put: async (key, found) => void checks.set(key, found),
});

serve({ facts, check });
