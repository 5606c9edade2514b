/**
 * The road: one function, one await a stage, over all chosen faces. Start reading here.
 *
 *   detect (findFaces, when a photo is dropped) → crop → generate → blend → place
 *
 * One face's failure never stops the others; a cancel leaves the photo and the finished faces as they were.
 */
import { asAppError, type ErrorCode, isAbort } from '../core/errors';
import type { PhotoId } from '../core/photo';
import { fold, type Run, type RunEvent, type Stage, startRun } from '../core/run';
import { timestampOf } from '../core/units';
import type { Engines } from '../engines/contracts';
import { blendAll } from './blend';
import { frameOf } from './crop';
import { generate } from './generate';
import { placeBest } from './place';
import type { RunRequest } from './request';

const CODE_OF_STAGE: Readonly<Record<Stage, ErrorCode>> = {
  detect: 'FACE_DET_001',
  crop: 'CROP_001',
  generate: 'GEN_001',
  blend: 'BLEND_001',
  restore: 'RES_001',
  place: 'BLEND_001',
};

/** @returns the finished run; never rejects for a face's failure or a cancel: `status` and each face tell. */
export async function openTheEyes(
  request: RunRequest,
  engines: Engines,
  signal: AbortSignal,
  onChange: (run: Run) => void,
): Promise<Run> {
  let run = startRun(crypto.randomUUID(), timestampOf(new Date()), request.self.photo.id, request.choices);
  const emit = (event: RunEvent) => {
    run = fold(run, event);
    onChange(run);
  };

  for (const choice of request.choices) {
    const face = choice.face.index;
    let stage = 'crop' as Stage;
    const timed = async <T>(next: Stage, work: () => T | Promise<T>): Promise<T> => {
      stage = next;
      emit({ type: 'stage-started', face, stage });
      const startMs = performance.now();
      const result = await work();
      emit({ type: 'stage-ended', face, stage, ms: performance.now() - startMs });
      return result;
    };
    try {
      signal.throwIfAborted();
      emit({ type: 'face-started', face });
      const frame = await timed('crop', () => frameOf(choice.face, request.config.crop));
      emit({ type: 'cropped', face, frame });
      const found = await timed('generate', () => generate(choice, frame, request, engines, signal));
      const candidates = await timed('blend', () =>
        blendAll(found.candidates, frame, request, engines, signal),
      );
      const placed = await timed('place', () =>
        placeBest(choice, frame, candidates, request, engines, signal),
      );
      const refusals = [...found.refusals, ...placed.refusals];
      emit({ type: 'generated', face, candidates: placed.candidates, refusals });
      const [best] = placed.candidates;
      if (!best || !placed.placement) continue;
      emit({ type: 'placed', face, pickedId: best.candidate.id, placement: placed.placement });
    } catch (error) {
      // A square may lie there that was not judged yet, or was laid down while the cancel was on its way.
      if (stage === 'place') await takeOff(request.self.photo.id, face, engines);
      if (isAbort(error)) break;
      emit({ type: 'face-failed', face, error: asAppError(error, CODE_OF_STAGE[stage]) });
    }
  }

  const ended = signal.aborted ? 'cancelled' : request.choices.length ? 'done' : 'nothing-to-do';
  emit({ type: 'ended', status: ended });
  return run;
}

/** Best effort: a photo engine that died took the square with it. */
async function takeOff(photo: PhotoId, face: number, engines: Engines): Promise<void> {
  await engines.photo.undo(photo, face, new AbortController().signal).catch(() => undefined);
}
