/**
 * The road: one function, one await a stage, over all chosen faces. Start reading here.
 *
 *   detect (findFaces, when a photo is dropped) → crop → generate → (paint) → blend → place → (restore)
 *
 * Eyes are borrowed where an open one is found, else painted where this computer has a painter, else made by the network
 * that the app ships; a person may ask for one of them by name.
 * Faces that are painted wait for each other, and so do those that are restored: all go through the networks while these
 * are loaded, once.
 * One face's failure never stops the others; a cancel leaves the photo and the finished faces as they were.
 */
import { AppError, asAppError, type ErrorCode, isAbort, unlessAborted } from '../core/errors';
import type { Candidate } from '../core/generation';
import type { CropFrame, PhotoId } from '../core/photo';
import {
  type Choice,
  fold,
  laidOf,
  type Refusal,
  type Run,
  type RunEvent,
  type Stage,
  startRun,
} from '../core/run';
import { timestampOf } from '../core/units';
import type { Engines } from '../engines/contracts';
import { blendAll } from './blend';
import { frameOf } from './crop';
import { generate } from './generate';
import { openFace } from './opener';
import { type PaintedEyes, paint } from './paint';
import { findPainter, type Painter } from './painter';
import { type Placed, placeBest } from './place';
import { generatorFor, type RunRequest } from './request';
import { restoreAll } from './restore';
import type { ToRestore } from './restoreFace';

const CODE_OF_STAGE: Readonly<Record<Stage, ErrorCode>> = {
  detect: 'FACE_DET_001',
  crop: 'CROP_001',
  generate: 'GEN_001',
  paint: 'GEN_001',
  blend: 'BLEND_001',
  restore: 'RES_001',
  place: 'BLEND_001',
};

type Timed = <T>(stage: Stage, work: () => T | Promise<T>) => Promise<T>;

/** A face that donors were looked for. */
interface Sought {
  readonly choice: Choice;
  readonly frame: CropFrame;
  readonly borrowed: readonly Candidate[];
  /** Why there are no more. */
  readonly refusals: readonly Refusal[];
  /** A person wants it painted; else it is for want of other eyes, and a painter that fails is no failure of the face. */
  readonly asked: boolean;
}

/** Nothing of what was tried could be kept. */
function withoutKept(sought: Sought, { refusals }: Placed): Sought {
  return { ...sought, borrowed: [], refusals: [...sought.refusals, ...refusals] };
}

/** @returns the finished run; never rejects for a face's failure or a cancel: `status` and each face tell. */
export async function openTheEyes(
  request: RunRequest,
  engines: Engines,
  signal: AbortSignal,
  onChange: (run: Run) => void,
): Promise<Run> {
  const photo = request.self.photo.id;
  let run = startRun(crypto.randomUUID(), timestampOf(new Date()), photo, request.choices, request.config);
  const emit = (event: RunEvent) => {
    run = fold(run, event);
    onChange(run);
  };

  /** What goes wrong is the face's own; a cancel leaves it where it was. */
  const along = async (face: number, first: Stage, work: (timed: Timed) => Promise<void>): Promise<void> => {
    let stage = first;
    try {
      signal.throwIfAborted();
      await work(async (next, done) => {
        stage = next;
        emit({ type: 'stage-started', face, stage });
        const startMs = performance.now();
        const result = await done();
        emit({ type: 'stage-ended', face, stage, ms: performance.now() - startMs });
        return result;
      });
    } catch (error) {
      // A square may lie there that was not judged yet, or was laid down while the cancel was on its way.
      if (stage === 'place') await takeOff(photo, face, engines);
      if (isAbort(error)) return;
      emit({ type: 'face-failed', face, error: asAppError(error, CODE_OF_STAGE[stage]) });
    }
  };

  const tryOut = async ({ choice, frame }: Sought, offered: readonly Candidate[], timed: Timed) => {
    const ready = await timed('blend', () => blendAll(offered, frame, request, engines, signal));
    return await timed('place', () => placeBest(choice, frame, ready, request, engines, signal));
  };
  const extent = request.config.restoration.mode === 'eyes' ? 'eyes' : 'face';
  const toRestore: ToRestore[] = [];
  const settle = ({ choice, frame, refusals }: Sought, { candidates, placement, refusals: more }: Placed) => {
    const face = choice.face.index;
    emit({ type: 'generated', face, candidates, refusals: [...refusals, ...more] });
    const [best] = candidates;
    if (!best || !placement) return;
    emit({ type: 'placed', face, pickedId: best.candidate.id, placement });
    toRestore.push({ face: choice.face, extent, under: laidOf(frame, best) });
  };

  let painter: Promise<Painter> | null = null;
  const findOnce = () => {
    painter ??= findPainter(engines, signal);
    return painter;
  };
  const makeEyes = async (sought: Sought, timed: Timed) => {
    const made = await timed('generate', () =>
      openFace(sought.choice, sought.frame, request, engines, signal),
    );
    settle(sought, await tryOut(sought, [...made, ...sought.borrowed], timed));
  };
  const toPaint: Sought[] = [];
  for (const choice of request.choices) {
    const face = choice.face.index;
    if (!choice.sides.length) {
      toRestore.push({ face: choice.face, extent, under: null });
      continue;
    }
    await along(face, 'crop', async (timed) => {
      emit({ type: 'face-started', face });
      const frame = await timed('crop', () => frameOf(choice.face, request.config.crop));
      emit({ type: 'cropped', face, frame });
      const found = await timed('generate', () => generate(choice, frame, request, engines, signal));
      const by = generatorFor(choice, request);
      const sought = {
        choice,
        frame,
        borrowed: found.candidates,
        refusals: found.refusals,
        asked: by === 'sdxl',
      };
      if (by === 'sdxl') {
        toPaint.push(sought);
        return;
      }
      if (by === 'built-in') {
        await makeEyes(sought, timed);
        return;
      }
      const placed = await tryOut(sought, found.candidates, timed);
      if (placed.placement || by === 'donor') {
        settle(sought, placed);
        return;
      }
      const next = withoutKept(sought, placed);
      // Nobody asked for it by name: a painter that is not there is no failure.
      if (await findOnce().then(() => true, unlessAborted(false))) toPaint.push(next);
      else await makeEyes(next, timed);
    });
  }

  const painting = toPaint.length
    ? findOnce().then((here) => paint(toPaint, here, request, engines, signal, emit))
    : null;
  // Each face waits for it, unless it was cancelled before.
  painting?.catch(() => undefined);
  for (const [i, sought] of toPaint.entries()) {
    const face = sought.choice.face.index;
    await along(face, 'paint', async (timed) => {
      const { candidates, ...note } = await timed('paint', () => painted(painting!, i, sought.asked));
      emit({ type: 'painted', face, note });
      const offered = [...candidates, ...sought.borrowed];
      const [failure] = note.failures;
      if (!offered.length && failure && sought.asked)
        throw new AppError(failure.code, failure.message, failure.details);
      const placed = await tryOut(sought, offered, timed);
      if (placed.placement || sought.asked) {
        settle(sought, placed);
        return;
      }
      // Of pictures that are not kept only the failures are worth telling.
      emit({ type: 'painted', face, note: { ...note, cut: '', irisLeftOut: false } });
      await makeEyes(withoutKept(sought, placed), timed);
    });
  }

  // A cancel leaves what was restored before it.
  await restoreAll(toRestore, request, engines, signal, emit).catch((error: unknown) => {
    if (!isAbort(error)) throw error;
  });

  const ended = signal.aborted ? 'cancelled' : request.choices.length ? 'done' : 'nothing-to-do';
  emit({ type: 'ended', status: ended });
  return run;
}

/** @throws as `paint`, where it was asked for; AbortError */
async function painted(
  all: Promise<readonly PaintedEyes[]>,
  i: number,
  asked: boolean,
): Promise<PaintedEyes> {
  try {
    return (await all)[i]!;
  } catch (error) {
    if (asked || isAbort(error)) throw error;
    const { code, message, details } = asAppError(error, 'GEN_001');
    return { candidates: [], failures: [{ code, message, details }], cut: '', irisLeftOut: false };
  }
}

/** Best effort: a photo engine that died took the square with it. */
async function takeOff(photo: PhotoId, face: number, engines: Engines): Promise<void> {
  await engines.photo.undo(photo, face, new AbortController().signal).catch(() => undefined);
}
