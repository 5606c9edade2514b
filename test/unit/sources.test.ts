import { expect, test } from 'vitest';
import type { Face } from '../../src/core/face';
import type { PhotoInfo } from '../../src/core/photo';
import { donorsFor, type KnownPhoto } from '../../src/pipeline/sources';
import { type FaceShape, makeFace, makePhoto } from '../fakes/faces';

const shape: FaceShape = { index: 0, person: 0, x: 100, y: 80, sidePx: 220, left: 'closed', right: 'closed' };
const open: FaceShape = { ...shape, left: 'open', right: 'open' };

function known(id: string, faces: readonly Face[], more: Partial<PhotoInfo> = {}): KnownPhoto {
  return { photo: { ...makePhoto(id), takenAt: '2026-05-03T12:00:00Z', ...more }, faces };
}

const turned = (face: Face, yawRad: number): Face => ({ ...face, pose: { ...face.pose, yawRad } });

test('one shut eye: the own other eye and the same person elsewhere', () => {
  const target = makeFace({ ...shape, right: 'open' });
  const self = known('a', [target]);
  const choices = donorsFor(target, ['left'], self, [known('b', [makeFace({ ...open, x: 108 })])]);
  expect(choices.map((c) => c.kind).sort()).toEqual(['other-eye', 'other-photo']);
  expect(choices.find((c) => c.kind === 'other-eye')!.photo.id).toBe('a');
  for (const { score } of choices) {
    expect(score).toBeGreaterThan(0);
    expect(score).toBeLessThanOrEqual(1);
  }
});

test('both eyes shut and no other photo: nobody', () => {
  const target = makeFace(shape);
  expect(donorsFor(target, ['left', 'right'], known('a', [target]), [])).toEqual([]);
});

test('a photo in which the eyes are shut too is no donor, nor is the photo itself', () => {
  const target = makeFace(shape);
  const self = known('a', [target]);
  expect(donorsFor(target, ['left', 'right'], self, [self, known('b', [makeFace(shape)])])).toEqual([]);
});

test('a smaller turn, a larger face and a nearer time come first', () => {
  const target = makeFace(shape);
  const self = known('a', [target], { takenAt: '2026-05-03T12:00:00Z' });
  const at = (id: string, face: Face, takenAt: string) => known(id, [face], { takenAt });
  const others = [
    at('turned', turned(makeFace(open), 0.3), '2026-05-03T12:00:01Z'),
    at('later', makeFace(open), '2026-05-03T19:00:00Z'),
    at('best', makeFace(open), '2026-05-03T12:00:01Z'),
    at('small', makeFace({ ...open, x: 180, y: 160, sidePx: 70 }), '2026-05-03T12:00:01Z'),
  ];
  const said = others.map(({ photo }) => ({ face: 0, donorPhoto: photo.id, donorFace: 0 }));
  const choices = donorsFor(target, ['left', 'right'], self, others, said);
  const order = choices.map((c) => c.photo.id);
  expect(order[0]).toBe('best');
  expect(order.indexOf('later')).toBeLessThan(order.indexOf('turned'));
  expect(order).toContain('small');
});

test('two open eyes in one photo beat one', () => {
  const target = makeFace(shape);
  const one = known('one', [makeFace({ ...open, right: 'closed' })]);
  const two = known('two', [makeFace(open)]);
  const choices = donorsFor(target, ['left', 'right'], known('a', [target]), [one, two]);
  expect(choices.map((c) => c.photo.id)).toEqual(['two', 'one']);
});

test("a person's word wins, also when it says nobody", () => {
  const target = makeFace(shape);
  const self = known('a', [target]);
  const near = makeFace({ ...open, index: 0 });
  const far = makeFace({ ...open, index: 1, person: 1, x: 520, y: 300 });
  const other = known('b', [near, far]);
  const said = (donorFace: number | null) =>
    donorsFor(target, ['left', 'right'], self, [other], [{ face: 0, donorPhoto: 'b', donorFace }]);
  expect(said(1)[0]!.face).toBe(far);
  expect(said(null)).toEqual([]);
  expect(donorsFor(target, ['left', 'right'], self, [other])[0]!.face).toBe(near);
});

test('the face a person pointed at comes before every better one, the own other eye too', () => {
  const target = makeFace({ ...shape, left: 'closed', right: 'open' });
  const self = known('a', [target]);
  const better = known('better', [makeFace(open)]);
  const pointedAt = known('pointed-at', [turned(makeFace(open), 0.4)]);
  const said = [{ face: 0, donorPhoto: 'pointed-at', donorFace: 0 }];
  const choices = donorsFor(target, ['left'], self, [better, pointedAt], said);
  expect(choices.map(({ photo, named }) => [photo.id, named])).toEqual([
    ['pointed-at', true],
    ['better', false],
    ['a', false],
  ]);
});
