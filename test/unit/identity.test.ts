/** The face chip and its 128 numbers against dlib itself, and which faces are asked for. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import type { Face, HeadPose } from '../../src/core/face';
import { apply, type Point } from '../../src/core/geometry';
import { CHANNELS, raster } from '../../src/core/raster';
import { chipFrame, identified, identityGap } from '../../src/pipeline/identity';
import { nodeVision } from '../conformance/nodeVision';
import { fakeEngines } from '../fakes/engines';
import { type FaceShape, makeFace } from '../fakes/faces';

const folder = resolve(import.meta.dirname, '../golden');
const golden = JSON.parse(readFileSync(resolve(folder, 'identity.json'), 'utf8'));
const never = new AbortController().signal;
const shape: FaceShape = { index: 0, x: 100, y: 80, sidePx: 220, left: 'open', right: 'closed' };

/** A whole pixel's centre. */
const centre = <S extends 'photo' | 'crop'>([x, y]: readonly [number, number]): Point<S> => ({
  x: x + 0.5,
  y: y + 0.5,
});

test('the chip lies where dlib cuts it, to the pixel', () => {
  const [outerLeft, innerLeft, outerRight, innerRight, nose] = golden.points.map(centre);
  const face = makeFace(shape);
  const drawn: Face = {
    ...face,
    eyes: {
      right: { ...face.eyes.right, corners: [outerRight, innerRight] },
      left: { ...face.eyes.left, corners: [innerLeft, outerLeft] },
    },
    mesh: { ...face.mesh, points: [nose, nose, nose] },
  };
  const { toPhoto } = chipFrame(drawn);
  golden.chipPlaces.forEach((place: [number, number], i: number) => {
    const mine = apply(toPhoto, centre<'crop'>(place));
    const theirs = centre<'photo'>(golden.photoPlaces[i]);
    expect(Math.hypot(mine.x - theirs.x, mine.y - theirs.y), `place ${i}`).toBeLessThan(1.5);
  });
});

test('the numbers are those of dlib, as near as bytes for weights allow', async () => {
  const { left, top, side } = golden.square;
  const picture = decode(readFileSync(resolve(folder, 'face_256.png')));
  const chip = raster<'crop'>(side, side);
  for (let i = 0; i < side * side; i += 1) {
    const from = (top + Math.floor(i / side)) * picture.width + left + (i % side);
    for (let c = 0; c < 3; c += 1) chip.data[i * CHANNELS + c] = picture.data[from * 3 + c]!;
  }
  const [one, two] = await nodeVision().identify([chip, chip], never);
  expect(identityGap(one!, Float32Array.from(golden.embedding))).toBeLessThan(0.04);
  expect(identityGap(one!, two!)).toBeLessThan(1e-5);
});

test('faces too small, too turned or untraced stay unknown; those known are not asked again', async () => {
  const engines = fakeEngines();
  const pose = (yawRad: number): HeadPose => ({ yawRad, pitchRad: 0, rollRad: 0 });
  const clear = makeFace(shape);
  const before = makeFace({ ...shape, person: 4 });
  const faces = await identified(
    'photo',
    [
      clear,
      makeFace({ ...shape, sidePx: 80 }),
      { ...clear, pose: pose(-0.7) },
      { ...clear, mesh: { ...clear.mesh, presence: 0.2 } },
      before,
      { ...clear, identity: null },
    ],
    engines,
    never,
  );
  expect(faces.map(({ identity }) => identity?.length ?? null)).toEqual([128, null, null, null, 128, null]);
  expect(faces[4]).toBe(before);
  expect(engines.calls).toEqual(['cut', 'identify']);
});

test('a crowd is asked in parts, and a cancel is heard between them', async () => {
  const cancel = new AbortController();
  const engines = fakeEngines({ onCall: (method) => method === 'identify' && cancel.abort() });
  const crowd = Array.from({ length: 40 }, (_, index) => makeFace({ ...shape, index }));
  await expect(identified('photo', crowd, engines, cancel.signal)).rejects.toThrow(
    expect.objectContaining({ name: 'AbortError' }),
  );
  expect(engines.calls).toEqual(['cut', 'identify']);
  const whole = fakeEngines();
  await identified('photo', crowd, whole, never);
  expect(whole.calls.filter((call) => call === 'identify')).toHaveLength(3);
});
