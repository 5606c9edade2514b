/** Starts the workers behind the contracts. Nothing is loaded before its first call. */
import type { GenerationRequest } from '../core/generation';
import { WorkerHost } from '../rpc/host';
import type { Engines, GeneratorEngine, PhotoEngine, VisionEngine } from './contracts';

export interface ConnectedEngines extends Engines {
  /** Ends every worker. */
  dispose(): void;
}

const GRACE_MS = 3000;

export function connect(): ConnectedEngines {
  const photo = new WorkerHost<PhotoEngine>({
    name: 'photo',
    // It holds the opened photos: a cancel must never cost them.
    graceMs: Number.POSITIVE_INFINITY,
    start: () =>
      new Worker(new URL('../../workers/photo.worker.ts', import.meta.url), {
        type: 'module',
        name: 'photo',
      }),
  });
  const vision = new WorkerHost<VisionEngine>({
    name: 'vision',
    graceMs: GRACE_MS,
    start: () =>
      new Worker(new URL('../../workers/vision.worker.ts', import.meta.url), {
        type: 'module',
        name: 'vision',
      }),
  });
  const donor = new WorkerHost<GeneratorEngine>({
    name: 'donor',
    graceMs: GRACE_MS,
    idleMs: 30_000,
    moves: (request) => squaresOf(request as GenerationRequest),
    start: () =>
      new Worker(new URL('../../workers/donor.worker.ts', import.meta.url), {
        type: 'module',
        name: 'donor',
      }),
  });
  return {
    photo: photo.engine,
    vision: vision.engine,
    donor: donor.engine,
    dispose() {
      for (const host of [photo, vision, donor]) host.stop();
    },
  };
}

/** Every buffer once: a face may be its own donor. */
function squaresOf({ target, sources }: GenerationRequest): readonly ArrayBuffer[] {
  const squares = [target, ...sources.map(({ square }) => square)];
  return [...new Set(squares.map(({ pixels }) => pixels.data.buffer))];
}
