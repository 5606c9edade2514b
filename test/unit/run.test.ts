import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import { AppError } from '../../src/core/errors';
import { fold, type RunEvent, startRun } from '../../src/core/run';
import { timestampOf } from '../../src/core/units';
import { makeFace } from '../fakes/faces';

const choices = [4, 9].map((index) => ({
  face: makeFace({ index, x: 10 * index, y: 3, sidePx: 200, left: 'closed', right: 'open' }),
  sides: ['left'] as const,
}));
const start = () => startRun('id-1', '20260102_030405', 'photo-1', choices, DEFAULT_CONFIG);
const placement = { face: 9, area: { x: 1, y: 2, width: 3, height: 4 } };

const anyEvent: fc.Arbitrary<RunEvent> = fc
  .integer({ min: 3, max: 10 })
  .chain((face) =>
    fc.constantFrom<RunEvent>(
      { type: 'face-started', face },
      { type: 'stage-started', face, stage: 'generate' },
      { type: 'stage-ended', face, stage: 'blend', ms: 17 },
      { type: 'generated', face, candidates: [], refusals: [{ photoName: 'a', reason: 'eye-covered' }] },
      { type: 'placed', face, pickedId: 'c', placement },
      { type: 'taken-off', face },
      { type: 'face-failed', face, error: new AppError('GEN_001', 'x') },
    ),
  );

test('no event changes the run it was given, and progress never falls', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
      let run = start();
      for (const event of events) {
        const before = structuredClone({ ...run, faces: run.faces.map((f) => f.status) });
        const next = fold(run, event);
        expect({ ...run, faces: run.faces.map((f) => f.status) }).toEqual(before);
        expect(next.progress).toBeGreaterThanOrEqual(run.progress);
        run = next;
      }
    }),
  );
});

test('an event touches its own face only', () => {
  const run = fold(start(), { type: 'placed', face: 9, pickedId: 'best', placement });
  expect(run.faces.map((f) => [f.face.index, f.status, f.pickedId])).toEqual([
    [4, 'waiting', null],
    [9, 'opened', 'best'],
  ]);
  expect(fold(run, { type: 'taken-off', face: 9 }).faces[1]!.placement).toBeNull();
});

test('a stage that a face goes through twice has the time of both', () => {
  const spans = [
    ['generate', 31],
    ['blend', 7],
    ['generate', 110],
  ] as const;
  const run = spans.reduce(
    (before, [stage, ms]) => fold(before, { type: 'stage-ended', face: 9, stage, ms }),
    start(),
  );
  expect(run.faces.map((f) => f.timingsMs)).toEqual([{}, { generate: 141, blend: 7 }]);
});

test('the end settles what was on its way', () => {
  const begun = fold(start(), { type: 'face-started', face: 4 });
  const ended = fold(fold(begun, { type: 'placed', face: 9, pickedId: 'x', placement }), {
    type: 'ended',
    status: 'cancelled',
  });
  expect(ended.faces.map((f) => f.status)).toEqual(['cancelled', 'opened']);
  expect(ended.progress).toBe(1);
});

test('the stamp is local time', () => {
  expect(timestampOf(new Date(2026, 0, 2, 3, 4, 5))).toBe('20260102_030405');
});
