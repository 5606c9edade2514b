import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import { AppError } from '../../src/core/errors';
import { movedEye } from '../../src/core/face';
import { apply, distance, type Point } from '../../src/core/geometry';
import { REFERENCE_EYE_DISTANCE_PX } from '../../src/core/units';
import { frameOf, maskShapes } from '../../src/pipeline/crop';
import { makeFace } from '../fakes/faces';

const crop = DEFAULT_CONFIG.crop;
const anyFace = fc.record({
  x: fc.integer({ min: -200, max: 4000 }),
  y: fc.integer({ min: -200, max: 4000 }),
  sidePx: fc.integer({ min: 40, max: 3000 }),
  rollRad: fc.double({ min: -3, max: 3, noNaN: true }),
});

test('the way home undoes the way there', () => {
  fc.assert(
    fc.property(anyFace, ({ x, y, sidePx, rollRad }) => {
      const frame = frameOf(
        makeFace({ index: 0, x, y, sidePx, rollRad, left: 'open', right: 'closed' }),
        crop,
      );
      const p = apply(frame.toPhoto, { x: 31, y: 47 });
      const back = apply(frame.toCrop, p);
      expect(back.x).toBeCloseTo(31, 5);
      expect(back.y).toBeCloseTo(47, 5);
    }),
  );
});

test('eyes lie level at their FFHQ places, whatever the roll', () => {
  const face = makeFace({ index: 3, x: 91, y: 57, sidePx: 700, rollRad: 0.4, left: 'open', right: 'open' });
  const frame = frameOf(face, { ...crop, cropOutputSize: 512 });
  expect(frame.sidePx).toBe(512);
  const [right, left] = [apply(frame.toCrop, face.points[0]), apply(frame.toCrop, face.points[1])];
  expect(distance(right, left)).toBeCloseTo(REFERENCE_EYE_DISTANCE_PX, 1);
  expect(right.x).toBeCloseTo(192.98, 1);
  expect(left.y).toBeCloseTo(240.19, 1);
});

test.each([
  [90, 256],
  [700, 700],
  [3000, 2048],
])('a face square of %i px in the photo is worked on at %i px', (natural, expected) => {
  const face = makeFace({ index: 0, x: 0, y: 0, sidePx: natural, left: 'open', right: 'open' });
  expect(Math.abs(frameOf(face, crop).sidePx - expected)).toBeLessThanOrEqual(1);
});

test('points that span no face are refused with the code of the stage', () => {
  const face = makeFace({ index: 5, x: 0, y: 0, sidePx: 0, left: 'open', right: 'open' });
  expect(() => frameOf(face, crop)).toThrow(AppError);
});

test('a closed eye gets the mask of an open one, wider than its corners', () => {
  const face = makeFace({ index: 0, x: 40, y: 60, sidePx: 512, left: 'closed', right: 'open' });
  const frame = frameOf(face, { ...crop, cropOutputSize: 512 });
  const { left, right } = maskShapes(face, frame, crop);
  expect(left.halfHeightPx).toBeCloseTo(right.halfHeightPx, 3);
  expect(left.halfWidthPx * 2).toBeCloseTo(1.35 * 0.11 * 512, 0);
  const brow = movedEye(face.eyes.left, frame.toCrop).brow as readonly Point<'crop'>[];
  expect(left.brow).toEqual(brow);
});

test('useLargerEye gives both masks the size of the larger', () => {
  const face = makeFace({ index: 0, x: 40, y: 60, sidePx: 512, left: 'closed', right: 'open' });
  const eye = face.eyes.left;
  const wide = {
    ...face,
    eyes: {
      ...face.eyes,
      left: { ...eye, corners: [eye.contour[0]!, { x: eye.corners[1].x + 9, y: eye.corners[1].y }] as const },
    },
  };
  const frame = frameOf(wide, crop);
  const own = maskShapes(wide, frame, { ...crop, useLargerEye: false });
  const larger = maskShapes(wide, frame, { ...crop, useLargerEye: true });
  expect(own.right.halfWidthPx).toBeLessThan(own.left.halfWidthPx);
  expect(larger.right.halfWidthPx).toBeCloseTo(own.left.halfWidthPx, 9);
});
