import { dropPaintings } from '../../src/models/ledger';
import { keepPainting, paintingState } from '../../src/models/paintings';
import type { CheckpointMemory } from './checkpoints';

/** Beside the model packs; gone when a run is done, or after a day. */
export const diskCheckpoints: CheckpointMemory = {
  get: paintingState,
  put: keepPainting,
  drop: dropPaintings,
};
