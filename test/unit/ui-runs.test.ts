/** Runs of a few faces at a time make one Run on the screen; a person's word makes a verdict. */
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import { AppError } from '../../src/core/errors';
import { startRun } from '../../src/core/run';
import { lostPhotos } from '../../src/ui/openPhotos';
import { distinct, merged, overruled, photoLoss, reasonOf, withoutFace } from '../../src/ui/runs';
import { errorSentence, faceState, faceWords } from '../../src/ui/words';
import { makeFace } from '../fakes/faces';

const face = (index: number) =>
  makeFace({ index, x: 10 * index, y: 5, sidePx: 100, left: 'closed', right: 'open' });
const run = (id: string, ...indexes: readonly number[]) =>
  startRun(
    id,
    '20260102_030405',
    'p1',
    indexes.map((i) => ({ face: face(i), sides: ['left'] as const })),
    DEFAULT_CONFIG,
  );

test('the newer run wins face by face and keeps what only the earlier one has', () => {
  const both = merged(run('a', 0, 2), run('b', 1, 2));
  expect(both.id).toBe('b');
  expect(both.faces.map((f) => f.face.index)).toEqual([0, 1, 2]);
  expect(withoutFace(both, 1)?.faces.map((f) => f.face.index)).toEqual([0, 2]);
  expect(withoutFace(null, 1)).toBeNull();
});

test('a person overrules one eye and its numbers stay', () => {
  const before = face(3);
  const after = overruled(before, 'left', 'open');
  expect(after.verdicts.left).toEqual({ ...before.verdicts.left, state: 'open', reason: 'overruled' });
  expect(after.verdicts.right).toBe(before.verdicts.right);
  expect([faceState(before), faceState(after)]).toEqual(['closed', 'open']);
  expect([faceWords(before), faceWords(after)]).toEqual(['one eye closed', 'eyes open']);
});

test('eyes that were tried count more than that there were no others, and each refusal is told once', () => {
  const none = { photoName: 'a.jpg', reason: 'no-open-eye-anywhere' } as const;
  const shut = { photoName: 'a.jpg', reason: 'stays-closed' } as const;
  const covered = { photoName: 'b.jpg', reason: 'eye-covered' } as const;
  expect(reasonOf({ refusals: [none, shut, shut] })).toBe('stays-closed');
  expect(reasonOf({ refusals: [covered, none] })).toBe('eye-covered');
  expect(reasonOf({ refusals: [] })).toBeUndefined();
  expect(distinct([none, shut, covered, shut, none])).toEqual([none, shut, covered]);
});

test('a run that lost the photos says so, one that lost another engine goes on', () => {
  const failedWith = (error: AppError) => ({
    ...run('a', 0),
    faces: run('a', 0).faces.map((f) => ({ ...f, error })),
  });
  const error = new AppError('engine-lost', 'x', { engine: 'photo' });
  const others = new AppError('engine-lost', 'x', { engine: 'painter' });
  expect(photoLoss(failedWith(error))).toBe(error);
  expect(photoLoss(failedWith(others))).toBeNull();
  expect(photoLoss(run('b', 0))).toBeNull();
  expect(lostPhotos(others)).toBe(false);
  expect(lostPhotos(error)).toBe(true);
  expect(lostPhotos(new AppError('bad-request', 'no photo', { photo: 'p9' }))).toBe(true);
  expect(lostPhotos(new AppError('bad-request', 'range', { field: 'blend.feather' }))).toBe(false);
});

test('sentences carry the numbers of the error', () => {
  const large = { widthPx: 16_385, heightPx: 20, limitMegapixels: 120, limitSidePx: 16_384 };
  expect(errorSentence(new AppError('photo-too-large', 'x', large))).toBe(
    'The photo is too large (16385 × 20; up to 120 megapixels and 16384 a side work). Make it smaller first.',
  );
  expect(errorSentence(new AppError('photo-unreadable', 'x', { reason: 'something new' }))).toMatch(/JPEG/);
  expect(errorSentence(new AppError('photo-unreadable', 'x', { reason: 'format-heic' }))).toMatch(/HEIC/);
});
