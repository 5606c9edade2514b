import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Face } from '../../src/core/face';
import type { PhotoInfo } from '../../src/core/photo';
import { isBurst, samePerson } from '../../src/pipeline/persons';
import { type FaceShape, makeFace, makePhoto } from '../fakes/faces';

const shape: FaceShape = { index: 0, x: 100, y: 80, sidePx: 220, left: 'open', right: 'open' };

function known(id: string, faces: readonly Face[], more: Partial<PhotoInfo> = {}) {
  return { photo: { ...makePhoto(id), ...more }, faces };
}

const NOON = { takenAt: '2026-05-03T12:00:00Z' };
const SECONDS_LATER = { takenAt: '2026-05-03T12:00:04Z' };
const MINUTES_LATER = { takenAt: '2026-05-03T12:02:00Z' };

/** A face whose identity lies `gap` from that of the face at 0. */
function at(gap: number, more: Partial<FaceShape> = {}): Face {
  const identity = new Float32Array(128);
  identity[7] = gap;
  return { ...makeFace({ ...shape, ...more }), identity };
}

test.each([
  [0.38, true],
  [0.48, false],
  [0.57, false],
])('in unrelated photos a distance of %f is one person: %s', (gap, same) => {
  const target = at(0);
  const other = known('other', [at(gap, { x: 400, sidePx: 150 })], { width: 1024 });
  expect(samePerson(target, known('self', [target]), other) !== undefined).toBe(same);
});

test.each([
  ['at the same place', 0.57, 108, true],
  ['somewhere else', 0.57, 480, false],
  ['a stranger who sat down there', 0.63, 108, false],
])('in a burst, %s', (_, gap, x, same) => {
  const target = at(0);
  const self = known('a', [target], NOON);
  expect(samePerson(target, self, known('b', [at(gap, { x })], SECONDS_LATER)) !== undefined).toBe(same);
});

test.each([
  [0.57, true],
  [0.63, false],
])('in a photo that a person vouches for a distance of %f is one person: %s', (gap, same) => {
  const target = at(0);
  const other = { ...known('other', [at(gap, { x: 400, sidePx: 150 })], { width: 1024 }), vouched: true };
  expect(samePerson(target, known('self', [target]), other) !== undefined).toBe(same);
});

test('two lookalikes are left apart, whichever photo they are in', () => {
  const target = at(0);
  const twins = [at(0.35, { index: 0 }), at(-0.36, { index: 1, x: 500 })];
  expect(samePerson(target, known('a', [target]), known('b', twins, { width: 1024 }))).toBeUndefined();
  const brother = at(0.02, { index: 1, x: 500 });
  const other = known('b', [at(0.3)], { width: 1024 });
  expect(samePerson(target, known('a', [target, brother]), other)).toBeUndefined();
});

test('a face too small to tell is matched by its place, and only within a burst', () => {
  const row = (shiftPx: number) =>
    [0, 1, 2].map((index) => ({
      ...makeFace({ ...shape, index, x: 30 + 240 * index + shiftPx, sidePx: 90 }),
      identity: null,
    }));
  const self = known('a', row(0), NOON);
  for (const [i, face] of self.faces.entries()) {
    expect(samePerson(face, self, known('b', row(13), SECONDS_LATER))?.index).toBe(i);
    expect(samePerson(face, self, known('b', row(13), MINUTES_LATER))).toBeUndefined();
    expect(samePerson(face, self, known('b', row(13)))).toBeUndefined();
  }
});

test('somebody who left the picture is matched with nobody', () => {
  const left = at(0, { index: 0, x: 20, sidePx: 180 });
  const right = at(0.9, { index: 1, x: 560, sidePx: 180 });
  const self = known('a', [left, right]);
  const other = known('b', [at(0.8, { x: 20, sidePx: 180 })]);
  expect(samePerson(right, self, other)?.index).toBe(0);
  expect(samePerson(left, self, other)).toBeUndefined();
});

test.each([
  [NOON, SECONDS_LATER, true],
  [SECONDS_LATER, NOON, true],
  [NOON, MINUTES_LATER, false],
  [NOON, { ...SECONDS_LATER, width: 900 }, false],
  [NOON, {}, false],
  [{}, {}, false],
])('a burst is pictures of one size, seconds apart (%#)', (a, b, burst) => {
  expect(isBurst({ ...makePhoto('a'), ...a }, { ...makePhoto('b'), ...b })).toBe(burst);
});

test('nobody is the same person as two others', () => {
  const people = fc.array(
    fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: 0, max: 600 })),
    {
      minLength: 1,
      maxLength: 5,
    },
  );
  fc.assert(
    fc.property(people, people, (mine, theirs) => {
      const faces = (list: readonly (readonly [number, number])[]) =>
        list.map(([gap, x], index) => at(gap, { index, x }));
      const self = known('a', faces(mine), NOON);
      const other = known('b', faces(theirs), SECONDS_LATER);
      const partners = self.faces.map((face) => samePerson(face, self, other)).filter((face) => face);
      expect(new Set(partners).size).toBe(partners.length);
    }),
    { numRuns: 100 },
  );
});
