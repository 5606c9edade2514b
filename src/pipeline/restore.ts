/** Stage `restore` for all faces of a run, one after the other: the network is read once. */
import { AppError, asAppError, isAbort } from '../core/errors';
import type { RestoreNote } from '../core/restoration';
import type { RunEvent } from '../core/run';
import type { Engines } from '../engines/contracts';
import type { RunRequest } from './request';
import { kept, type Restore, type RestoredFace, restoreFace, type ToRestore } from './restoreFace';
import { findRestorer, type Restorer } from './restorer';

/** A GPU that fails leaves the processor. */
const GPU_FAILURES: ReadonlySet<string> = new Set([
  'gpu-missing',
  'gpu-wrong',
  'gpu-too-small',
  'engine-lost',
]);

/**
 * Every face is told of by its `restored` event; one that fails stays as it was before. Where the settings restore only what
 * was opened, which is the default, a computer without a restorer is told of nothing.
 * @throws AbortError: the faces that were done stay.
 */
export async function restoreAll(
  faces: readonly ToRestore[],
  request: RunRequest,
  engines: Engines,
  signal: AbortSignal,
  emit: (event: RunEvent) => void,
): Promise<void> {
  const { mode } = request.config.restoration;
  if (mode === 'off' || !faces.length) return;
  try {
    const restorer = await findRestorer(request.config.restoration, engines, signal);
    await restoreEach(faces, restorer, request, engines, signal, emit);
  } catch (error) {
    if (isAbort(error)) throw error;
    if (mode === 'eyes') return;
    for (const { face } of faces) emit({ type: 'restored', face: face.index, ...failed(error) });
  }
}

async function restoreEach(
  faces: readonly ToRestore[],
  restorer: Restorer,
  request: RunRequest,
  engines: Engines,
  signal: AbortSignal,
  emit: (event: RunEvent) => void,
): Promise<void> {
  let { device } = restorer;
  let spentMs = 0;
  for (const [done, one] of faces.entries()) {
    const face = one.face.index;
    const secondsLeft = done ? ((spentMs / done) * (faces.length - done)) / 1000 : null;
    const tell = (phase: 'opening' | 'restoring') =>
      emit({ type: 'restoring', news: { phase, done, of: faces.length, secondsLeft } });
    const restore: Restore = async (square, fidelity) => {
      const ask = () => {
        const parse = one.extent === 'face';
        const asked = { restorer: restorer.restorer, device, square, fidelity, parse };
        return engines.restorer.restore(asked, signal, tell);
      };
      try {
        return await ask();
      } catch (error) {
        if (device === 'cpu' || !(error instanceof AppError) || !GPU_FAILURES.has(error.code)) throw error;
        device = 'cpu';
        return await ask();
      }
    };
    tell('opening');
    emit({ type: 'stage-started', face, stage: 'restore' });
    const startMs = performance.now();
    const { restoration, placement } = await restoreFace(one, restore, request, engines, signal).catch(
      failed,
    );
    const ms = performance.now() - startMs;
    spentMs += ms;
    emit({ type: 'stage-ended', face, stage: 'restore', ms });
    emit({ type: 'restored', face, restoration, placement });
  }
}

/** Nobody loses a face over it. */
function failed(error: unknown): RestoredFace {
  if (isAbort(error)) throw error;
  return kept(failureNote(error));
}

function failureNote(error: unknown): RestoreNote {
  const { code, details } = asAppError(error, 'RES_001');
  return { outcome: 'failed', code, details };
}
