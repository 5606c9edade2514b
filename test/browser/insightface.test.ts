/** SCRFD and the 106 points against Python's insightface: its numbers are in test/golden, made by tools/golden/detectors.py. */
import { afterAll, describe, expect, test } from 'vitest';
import type { Detection } from '../../src/core/face';
import { apply, polygonArea } from '../../src/core/geometry';
import type { Device } from '../../src/core/look';
import { EYES_106, frame106 } from '../../src/pipeline/points106';
import { scrfdGlance } from '../../src/pipeline/reference';
import golden from '../golden/insightface.json';
import landmarksUrl from '../twins/2d106det.onnx?url';
import detectorUrl from '../twins/det_10g.onnx?url';
import {
  asGolden,
  differences,
  facesAt,
  fromPixelCentre,
  type GoldenFace,
  modelAt,
  openNamed,
  visionWith,
} from './detectorLab';
import { engines, photo, signal } from './photoEngine';
import { NOT_HERE, sharedModel } from './sharedPhoto';

interface Case {
  readonly photo: string;
  readonly width: number;
  readonly height: number;
  readonly detSize: readonly [number, number];
  readonly faces: readonly GoldenFace[];
}
const cases = golden as unknown as Readonly<
  Record<'scrfd' | 'scrfdTwin' | 'scrfdTwinSizes', readonly Case[]>
>;

const real = await sharedModel('scrfd_500m_bnkps.onnx');
const twins = { 'det_10g.onnx': await modelAt(detectorUrl), '2d106det.onnx': await modelAt(landmarksUrl) };
const vision = visionWith(twins);
const realVision = real && visionWith({ ...twins, 'det_10g.onnx': real });

/** The self-check and the software adapter take their time. */
const GPU_MS = 120_000;

afterAll(() => engines.dispose());

async function lookAt(
  { photo: name, detSize: [width, height] }: Case,
  by: typeof vision,
  device: Device = 'cpu',
) {
  const info = await openNamed(name);
  if (!info) return null;
  const found = await facesAt(scrfdGlance(info, { width, height }, device), info, by);
  await photo.close(info.id, signal);
  return { info, found };
}

async function expectEqual(wanted: Case, by: typeof vision): Promise<boolean> {
  const looked = await lookAt(wanted, by);
  if (!looked) return false;
  expect([looked.info.width, looked.info.height]).toEqual([wanted.width, wanted.height]);
  expect(looked.found).toHaveLength(wanted.faces.length);
  const { px, score } = differences(looked.found, wanted.faces);
  expect(px).toBeLessThan(0.01);
  expect(score).toBeLessThan(1e-4);
  return true;
}

describe('faces are those of insightface, in its order, within 0.01 px', () => {
  test.for(cases.scrfdTwin.map((one) => [one.detSize.join('×'), one] as const))(
    'a twin of det_10g at %s',
    async ([, wanted]) => {
      expect(await expectEqual(wanted, vision)).toBe(true);
    },
  );

  test.for(cases.scrfdTwinSizes.map((one) => [one.photo, one.detSize.join('×'), one] as const))(
    'a twin of det_10g on %s at %s',
    async ([, , wanted], { skip }) => {
      if (!(await expectEqual(wanted, vision))) skip(NOT_HERE);
    },
  );

  test.for(cases.scrfd.map((one) => [one.photo, one] as const))(
    'real weights on %s',
    async ([, wanted], { skip }) => {
      if (!realVision || !(await expectEqual(wanted, realVision))) skip(NOT_HERE);
    },
  );
});

const whole = (box: readonly number[]): Pick<Detection<'photo'>, 'box' | 'points' | 'score'> => {
  const [x1, y1, x2, y2] = box as [number, number, number, number];
  const level = { x: x1, y: y1 };
  return {
    score: 1,
    box: { x: x1, y: y1, width: x2 - x1, height: y2 - y1 },
    points: [level, level, level, level, level],
  };
};

async function tracedAt(device: Device) {
  const info = await openNamed('eileen-collins.jpg');
  const frames = golden.landmarks106.map(({ box }) => frame106(whole(box)));
  const squares = await photo.cut(info!.id, frames, signal);
  const traced = await vision.points106(squares, device, signal);
  await photo.close(info!.id, signal);
  return traced.map((points, i) => points.map((p) => fromPixelCentre(apply(frames[i]!.toPhoto, p))));
}

test('106 points are those of insightface, half outside the picture too, within 0.01 px; and so are the eyes', async () => {
  const traced = await tracedAt('cpu');
  const furthest = traced.flatMap((points, i) => {
    const wanted = golden.landmarks106[i]!.points;
    return points.map((p, k) => Math.hypot(p.x - wanted[k]![0]!, p.y - wanted[k]![1]!));
  });
  expect(furthest).toHaveLength(golden.landmarks106.length * 106);
  expect(Math.max(...furthest)).toBeLessThan(0.01);
  for (const { landmarks, areas } of golden.eyeAreas) {
    const found = [EYES_106.right, EYES_106.left].map(({ ring }) =>
      polygonArea(ring.map((index) => traced[landmarks]![index]!)),
    );
    found.forEach((area, i) => {
      expect(Math.abs(area / areas[i]! - 1)).toBeLessThan(1e-3);
    });
  }
});

describe('the GPU, once checked, finds the same within 1e-3', () => {
  test.for([
    ['a twin of det_10g', cases.scrfdTwin[0]!, vision],
    ['real weights', cases.scrfd[0]!, realVision],
  ] as const)('%s', { timeout: GPU_MS }, async ([, one, by], { skip }) => {
    const onCpu = by && (await lookAt(one, by));
    if (!onCpu) return void skip(NOT_HERE);
    const onGpu = await lookAt(one, by, 'gpu');
    expect(onGpu!.found).toHaveLength(onCpu.found.length);
    const { px, score } = differences(onGpu!.found, onCpu.found.map(asGolden));
    expect(px).toBeLessThan(1e-3);
    expect(score).toBeLessThan(1e-3);
  });

  test('106 points', { timeout: GPU_MS }, async () => {
    const [onCpu, onGpu] = [await tracedAt('cpu'), await tracedAt('gpu')];
    const furthest = onCpu.flatMap((points, i) =>
      points.map((p, k) => Math.hypot(p.x - onGpu[i]![k]!.x, p.y - onGpu[i]![k]!.y)),
    );
    expect(Math.max(...furthest)).toBeLessThan(1e-3);
  });
});
