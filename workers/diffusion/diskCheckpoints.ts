import { forgetPaintings, keepPainting, paintingState } from '../../src/models/paintings';
import type { CheckpointMemory } from './checkpoints';
import type { DenoisingState } from './denoise';

/** Beside the model packs; gone when a run is done, or after a day. */
export const diskCheckpoints: CheckpointMemory = {
  get: (key) => paintingState<DenoisingState>(key),
  put: (key, state) => keepPainting(key, state),
  drop: (keys) => forgetPaintings(keys),
};
