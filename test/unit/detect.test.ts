/** The detection road with engines that see what the test draws. The real ones: test/conformance. */
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import type { Detection, FaceMesh } from '../../src/core/face';
import { point, rect } from '../../src/core/geometry';
import type { CropFrame, RegionRequest } from '../../src/core/photo';
import { raster } from '../../src/core/raster';
import type { Engines } from '../../src/engines/contracts';
import { findFaces, readingOrder } from '../../src/pipeline/detect';
import { makePhoto } from '../fakes/faces';

const config = DEFAULT_CONFIG.detection;
const never = new AbortController().signal;

interface Scene {
  /** What the detector answers, call by call; the last answer repeats. */
  readonly hits: readonly (readonly Detection<'view'>[])[];
  readonly presence: (frame: CropFrame) => number;
}

function hit(score: number, x: number, y: number, width: number): Detection<'view'> {
  const at = (fx: number, fy: number) => point<'view'>(x + fx * width, y + fy * width);
  return {
    score,
    box: rect(x, y, width, width),
    points: [at(0.3, 0.4), at(0.7, 0.4), at(0.5, 0.6), at(0.35, 0.8), at(0.65, 0.8)],
  };
}

function engines({ hits, presence }: Scene) {
  const looked: string[] = [];
  const frames: CropFrame[] = [];
  let calls = 0;
  const points = Array.from({ length: 478 }, (_, i) =>
    point<'crop'>(64 + ((i * 37) % 128), 64 + ((i * 61) % 128)),
  );
  for (const [index, x, y] of [
    [33, 80, 110],
    [133, 112, 110],
    [362, 144, 110],
    [263, 176, 110],
  ] as const) {
    points[index] = point(x, y);
  }
  const fake = {
    photo: {
      regions: async (_photo: unknown, requests: readonly RegionRequest[]) =>
        requests.map(({ widthPx, heightPx }) => {
          looked.push(`${widthPx}×${heightPx}`);
          return raster<'view'>(widthPx, heightPx);
        }),
      cut: async (_photo: unknown, wanted: readonly CropFrame[]) => {
        frames.push(...wanted);
        return wanted.map(({ sidePx }) => raster<'crop'>(sidePx, sidePx));
      },
    },
    vision: {
      ready: async () => 'embedded',
      detect: async () => {
        calls += 1;
        return hits[Math.min(calls, hits.length) - 1] ?? [];
      },
      landmarks: async (squares: readonly unknown[]): Promise<readonly FaceMesh<'crop'>[]> =>
        frames
          .slice(frames.length - squares.length)
          .map((frame) => ({ layout: 'mediapipe-478', presence: presence(frame), points })),
    },
  } as unknown as Pick<Engines, 'photo' | 'vision'>;
  return { fake, looked, frames };
}

test('large faces end the search after the coarse look', async () => {
  const { fake, looked } = engines({ hits: [[hit(0.9, 300, 200, 120)]], presence: () => 1 });
  const faces = await findFaces(makePhoto('a', 4000, 3000), fake, config, never);
  expect(looked).toEqual(['640×480']);
  expect(faces).toHaveLength(1);
  expect(faces[0]).toMatchObject({ index: 0, box: { x: 1875, y: 1250, width: 750, height: 750 } });
});

test('small faces bring finer looks, and what several looks see is one face', async () => {
  const { fake, looked } = engines({
    hits: [[hit(0.9, 80, 64, 12)], [hit(0.92, 200, 160, 30), hit(0.9, 500, 160, 31)]],
    presence: () => 1,
  });
  const faces = await findFaces(makePhoto('a', 4000, 3000), fake, config, never);
  expect(looked).toEqual(['640×480', '1600×1200']);
  expect(faces.map((face) => face.box.width)).toEqual([75, 77.5]);
});

test('nothing upright: the whole photo is looked at turned, and the face stands upright in its square', async () => {
  const sideways = (frame: CropFrame) => (Math.abs(frame.toPhoto.b) > Math.abs(frame.toPhoto.a) ? 0.99 : 0);
  const { fake, frames } = engines({ hits: [[], [hit(0.9, 300, 200, 120)], []], presence: sideways });
  const faces = await findFaces(makePhoto('a', 640, 480), fake, config, never);
  expect(faces).toHaveLength(1);
  expect(faces[0]!.mesh.presence).toBe(0.99);
  expect(Math.abs(faces[0]!.pose.rollRad)).toBeGreaterThan(1);
  expect(frames.filter((frame) => frame.sidePx === 640)).toHaveLength(3);
});

test('nothing upright: where the detector half saw something it looks at full detail too', async () => {
  const { fake, frames } = engines({ hits: [[hit(0.6, 300, 200, 20)], []], presence: () => 0 });
  await findFaces(makePhoto('a', 4000, 3000), fake, config, never);
  const shown = ({ sidePx, toPhoto }: CropFrame) => sidePx * Math.hypot(toPhoto.a, toPhoto.b);
  const turned = frames.filter(({ toPhoto }) => Math.abs(toPhoto.b) > Math.abs(toPhoto.a)).map(shown);
  expect(Math.max(...turned)).toBeGreaterThanOrEqual(4000);
  // Three of its 125 px.
  expect(Math.min(...turned)).toBeLessThan(500);
});

test('a second square that loses the face does not take it away', async () => {
  let squares = 0;
  const { fake } = engines({
    hits: [[hit(0.8, 20, 200, 120)]],
    presence: () => {
      squares += 1;
      return squares === 1 ? 0.7 : 0.2;
    },
  });
  const [face] = await findFaces(makePhoto('a', 640, 480), fake, config, never);
  expect(face!.mesh.presence).toBe(0.7);
});

test('a hit that no mesh confirms is dropped, unless the detector is sure of a turned head', async () => {
  const blob = engines({ hits: [[hit(0.7, 300, 200, 120)], []], presence: () => 0.1 });
  expect(await findFaces(makePhoto('a', 640, 480), blob.fake, config, never)).toEqual([]);
  const profile = engines({ hits: [[hit(0.9, 300, 200, 120)], []], presence: () => 0.1 });
  const [face] = await findFaces(makePhoto('a', 640, 480), profile.fake, config, never);
  expect(face!.verdicts.left).toMatchObject({ state: 'unsure', reason: 'eye-turned-away' });
  expect(face!.points[0]).toEqual({ x: 336, y: 248 });
});

test('a small blob in which both networks half believe is no face', async () => {
  const { fake } = engines({ hits: [[hit(0.76, 300, 200, 30)], []], presence: () => 0.9 });
  expect(await findFaces(makePhoto('a', 640, 480), fake, config, never)).toEqual([]);
});

test('faces are numbered row by row', () => {
  const at = (x: number, y: number, height: number) => ({ box: rect<'photo'>(x, y, 40, height) });
  const [a, b, c, d] = [at(300, 10, 50), at(20, 25, 48), at(150, 200, 60), at(10, 215, 55)];
  expect(readingOrder([c, a, d, b])).toEqual([b, a, d, c]);
});
