import { dropPaintings, dropPaintingsBefore, paintingRow, putPainting } from '../../src/models/ledger';
import type { CheckpointMemory } from './checkpoints';
import type { DenoisingState } from './denoise';

/** They show faces, if blurred ones: what nobody came back for within a day goes. */
const KEPT_MS = 86_400_000;

/** Beside the model packs; gone when a run is done. */
export const diskCheckpoints: CheckpointMemory = {
  get: async (key) => (await paintingRow<DenoisingState>(key))?.state ?? null,
  put: (key, state) => putPainting(key, { state, at: new Date().toISOString() }),
  drop: async (keys) => {
    await dropPaintings(keys);
    await dropPaintingsBefore(new Date(Date.now() - KEPT_MS).toISOString());
  },
};
