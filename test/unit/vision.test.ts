/** The vision worker's own code and the shipped networks against libfacedetection, LiteRT and OpenCV. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { AppError } from '../../src/core/errors';
import { type Point, polygonArea, type Space } from '../../src/core/geometry';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import { aspectRatio, eyeShape } from '../../src/pipeline/landmarks';
import { poseOf } from '../../src/pipeline/pose';
import { createVision } from '../../workers/vision/engine';
import { nodeVision } from '../conformance/nodeVision';

const root = resolve(import.meta.dirname, '../..');
const golden = JSON.parse(readFileSync(resolve(root, 'test/golden/vision.json'), 'utf8'));
const vision = nodeVision();
const never = new AbortController().signal;

const look = (view: Raster<'view'>) => ({ detector: 'embedded', picture: view, scale: 1 }) as const;

function picture<S extends 'view' | 'crop'>(): Raster<S> {
  const { width, height, data } = decode(readFileSync(resolve(root, 'test/golden', golden.picture)));
  const out = raster<S>(width, height);
  for (let i = 0; i < width * height; i += 1) {
    for (let c = 0; c < 3; c += 1) out.data[i * CHANNELS + c] = data[i * 3 + c]!;
    out.data[i * CHANNELS + 3] = 255;
  }
  return out;
}

test('finds the faces that libfacedetection finds, to the whole pixels it reports', async () => {
  const found = await vision.detect(look(picture<'view'>()), never);
  expect(found).toHaveLength(golden.faces.length);
  found.forEach(({ score, box, points }, i) => {
    const [percent, ...numbers] = golden.faces[i] as number[];
    const mine = [box.x, box.y, box.width, box.height, ...points.flatMap((p) => [p.x, p.y])];
    expect(Math.abs(score * 100 - percent!)).toBeLessThanOrEqual(1);
    mine.forEach((value, k) => {
      expect(Math.abs(value - numbers[k]!), `number ${k}`).toBeLessThanOrEqual(1.01);
    });
  });
});

test('a picture whose size is no multiple of 32 gives the same face', async () => {
  const whole = picture<'view'>();
  const rows = 243;
  const cut = raster<'view'>(256, rows, whole.data.slice(0, 256 * rows * CHANNELS));
  const [face] = await vision.detect(look(cut), never);
  expect(Math.abs(face!.box.x - golden.faces[0][1])).toBeLessThan(3);
});

test('traces the mesh that LiteRT traces, within 0.01 px of 256', async () => {
  const [mesh] = await vision.landmarks([picture<'crop'>()], never);
  expect(mesh!.points).toHaveLength(golden.points.length);
  const furthest = Math.max(
    ...mesh!.points.map((p, i) => Math.hypot(p.x - golden.points[i][0], p.y - golden.points[i][1])),
  );
  expect(furthest).toBeLessThan(0.01);
  expect(Math.log(mesh!.presence / (1 - mesh!.presence))).toBeCloseTo(golden.presenceLogit, 2);
});

test('six squares come back in order, over the border of a batch', async () => {
  const blank = raster<'crop'>(256, 256);
  const squares = [blank, blank, blank, blank, blank, picture<'crop'>()];
  const meshes = await vision.landmarks(squares, never);
  expect(meshes.map((mesh) => mesh.presence > 0.5)).toEqual([false, false, false, false, false, true]);
});

test('measures eyes and head as numpy and solvePnP do', () => {
  const points = golden.points.map(([x, y]: [number, number]) => ({ x, y }));
  const mesh = { layout: 'mediapipe-478', points, presence: 1 } as const;
  for (const side of ['left', 'right'] as const) {
    const eye = eyeShape<'crop'>(mesh, side);
    expect(polygonArea(eye.contour)).toBeCloseTo(golden.eyes[side].areaPx, 1);
    expect(aspectRatio(eye)).toBeCloseTo(golden.eyes[side].aspectRatio, 3);
  }
  const degrees = (rad: number) => (rad * 180) / Math.PI;
  const pose = poseOf(mesh);
  expect(Math.abs(degrees(pose.yawRad) - golden.poseDegrees.yaw)).toBeLessThan(4);
  expect(Math.abs(degrees(pose.pitchRad) - golden.poseDegrees.pitch)).toBeLessThan(4);
  expect(Math.abs(degrees(pose.rollRad) - golden.poseDegrees.roll)).toBeLessThan(1);
  // The same head lying on its side, and upside down: only the roll is another one.
  for (const turnRad of [Math.PI / 2, Math.PI]) {
    const [cos, sin] = [Math.cos(turnRad), Math.sin(turnRad)];
    const lying = mesh.points.map(({ x, y }: Point<Space>) => ({
      x: cos * x - sin * y,
      y: sin * x + cos * y,
    }));
    const turned = poseOf({ ...mesh, points: lying });
    expect(turned.yawRad).toBeCloseTo(pose.yawRad, 9);
    expect(turned.pitchRad).toBeCloseTo(pose.pitchRad, 9);
    expect(Math.cos(turned.rollRad - pose.rollRad - turnRad)).toBeCloseTo(1, 9);
  }
});

test('a wrong square is refused with both sizes, and the next call is answered', async () => {
  const failure = vision.landmarks([raster<'crop'>(100, 90)], never);
  await expect(failure).rejects.toThrow(AppError);
  await expect(failure).rejects.toThrow(/256×256.*100×90/);
  expect(await vision.landmarks([picture<'crop'>()], never)).toHaveLength(1);
});

test('a start that failed is tried again', async () => {
  let starts = 0;
  const missing = async (): Promise<never> => {
    starts += 1;
    throw new AppError('model-missing', 'not there', { path: 'x' });
  };
  const flaky = createVision({ shipped: missing, pack: async () => null });
  await expect(flaky.landmarks([], never)).rejects.toMatchObject({ code: 'model-missing' });
  await expect(flaky.landmarks([], never)).rejects.toMatchObject({ code: 'model-missing' });
  expect(starts).toBe(2);
});
