import type { CheckpointMemory } from '../../workers/diffusion/checkpoints';
import type { DenoisingState } from '../../workers/diffusion/denoise';

/** Latents kept for as long as the test runs; what it holds can be looked at. */
export function checkpointsInMemory(): CheckpointMemory & { readonly states: Map<string, DenoisingState> } {
  const states = new Map<string, DenoisingState>();
  return {
    states,
    get: async (key) => states.get(key) ?? null,
    put: async (key, state) => void states.set(key, structuredClone(state)),
    drop: async (keys) => {
      for (const key of keys) states.delete(key);
    },
  };
}
