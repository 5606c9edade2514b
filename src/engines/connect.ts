/** Starts the workers behind the contracts. Nothing is loaded before its first call. */
import type { GenerationRequest } from '../core/generation';
import type { OpenRequest } from '../core/opening';
import { WorkerHost } from '../rpc/host';
import { buffersOf } from '../rpc/move';
import type {
  Engines,
  GeneratorEngine,
  GpuProbe,
  OpenerEngine,
  PainterEngine,
  PhotoEngine,
  RestorerEngine,
  VisionEngine,
} from './contracts';
import { gpuReport } from './gpu';
import { heavyTurns } from './heavy';
import { connectLanguage } from './language';
import { connectPacks } from './packs';

export interface ConnectedEngines extends Engines {
  /** Ends every worker. */
  dispose(): void;
}

const GRACE_MS = 3000;
const PAINTER_GRACE_MS = 8000;
/** What a heavy engine holds is most of the memory: it is given back when nobody uses it. */
const HEAVY_IDLE_MS = 20_000;
/**
 * A GPU, or the browser's process for it, may stop answering and tell nobody. No living worker is silent for so long, not
 * even while it reads a network of gigabytes from a slow disk and runs it for the first time on an imitated GPU.
 */
const SILENT_MS = 900_000;

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
    silentMs: SILENT_MS,
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
  const opener = new WorkerHost<OpenerEngine>({
    name: 'opener',
    graceMs: GRACE_MS,
    idleMs: 30_000,
    moves: (request) => picturesOf(request as OpenRequest),
    start: () =>
      new Worker(new URL('../../workers/opener.worker.ts', import.meta.url), {
        type: 'module',
        name: 'opener',
      }),
  });
  const painter = new WorkerHost<PainterEngine>({
    name: 'painter',
    // A step may take long, and is lost when its worker is ended.
    graceMs: PAINTER_GRACE_MS,
    idleMs: HEAVY_IDLE_MS,
    silentMs: SILENT_MS,
    start: () =>
      new Worker(new URL('../../workers/diffusion.worker.ts', import.meta.url), {
        type: 'module',
        name: 'diffusion',
      }),
  });
  const restorer = new WorkerHost<RestorerEngine>({
    name: 'restorer',
    graceMs: GRACE_MS,
    idleMs: HEAVY_IDLE_MS,
    silentMs: SILENT_MS,
    start: () =>
      new Worker(new URL('../../workers/restoration.worker.ts', import.meta.url), {
        type: 'module',
        name: 'restoration',
      }),
  });
  const probe = new WorkerHost<GpuProbe>({
    name: 'gpu',
    graceMs: GRACE_MS,
    // Its memory is wanted by the engine that is started next.
    idleMs: 2000,
    silentMs: SILENT_MS,
    start: () =>
      new Worker(new URL('../../workers/gpu.worker.ts', import.meta.url), {
        type: 'module',
        name: 'gpu',
      }),
  });
  const turn = heavyTurns();
  const language = connectLanguage(GRACE_MS, turn);
  const packs = connectPacks(GRACE_MS);
  return {
    photo: photo.engine,
    vision: vision.engine,
    donor: donor.engine,
    opener: opener.engine,
    painter: {
      paint: (request, signal, report) =>
        turn(painter, signal, () => painter.engine.paint(request, signal, report)),
    },
    restorer: {
      restore: (request, signal, report) =>
        turn(restorer, signal, () => restorer.engine.restore(request, signal, report)),
    },
    language: language.engine,
    packs: packs.engine,
    gpu: {
      report: async (packs, signal) => gpuReport(await probe.engine.facts(signal), packs),
      check: async (packs, signal) => gpuReport(await probe.engine.check(signal), packs),
    },
    dispose() {
      for (const host of [photo, vision, donor, opener, painter, restorer, language, probe, packs])
        host.stop();
    },
  };
}

/** Every buffer once: a face may be its own donor. */
function squaresOf({ target, sources }: GenerationRequest): readonly ArrayBuffer[] {
  const squares = [target, ...sources.map(({ square }) => square)];
  return [...new Set(squares.map(({ pixels }) => pixels.data.buffer))];
}

function picturesOf({ square, strip, person }: OpenRequest): readonly ArrayBuffer[] {
  return buffersOf([square, strip.pixels, person.pixels]);
}
