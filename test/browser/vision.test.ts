/** The real vision worker in Chromium: threads, shipped networks, the wire. */
import { afterAll, expect, test } from 'vitest';
import { AppError } from '../../src/core/errors';
import { type Raster, raster } from '../../src/core/raster';
import type { VisionEngine } from '../../src/engines/contracts';
import { WorkerHost } from '../../src/rpc/host';

const host = new WorkerHost<VisionEngine>({
  name: 'vision',
  graceMs: 3000,
  start: () =>
    new Worker(new URL('../../workers/vision.worker.ts', import.meta.url), {
      type: 'module',
      name: 'vision',
    }),
});
const vision = host.engine;
afterAll(() => host.stop());

const never = () => new AbortController().signal;

async function samplePicture(widthPx: number): Promise<Raster<'view'>> {
  const blob = await (await fetch('/sample/eileen-collins.jpg')).blob();
  const full = await createImageBitmap(blob);
  const height = Math.round((full.height * widthPx) / full.width);
  const canvas = new OffscreenCanvas(widthPx, height);
  const context = canvas.getContext('2d')!;
  context.drawImage(full, 0, 0, widthPx, height);
  const { data } = context.getImageData(0, 0, widthPx, height);
  return raster<'view'>(widthPx, height, data as Uint8ClampedArray<ArrayBuffer>);
}

test('finds the one face of the sample, whatever the size of the picture', async () => {
  const found = await Promise.all(
    [331, 640].map(async (px) =>
      vision.detect({ detector: 'embedded', picture: await samplePicture(px), scale: 1 }, never()),
    ),
  );
  const centres = found.map((hits, i) => {
    expect(hits).toHaveLength(1);
    const { box, score } = hits[0]!;
    expect(score).toBeGreaterThan(0.85);
    return (box.x + box.width / 2) / [331, 640][i]!;
  });
  expect(centres[0]).toBeCloseTo(centres[1]!, 1);
});

test('says what was wrong with a square and works on', async () => {
  const small = raster<'crop'>(100, 90);
  const failure = await vision.landmarks([small], never()).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(AppError);
  expect((failure as AppError).code).toBe('FACE_DET_001');
  expect((failure as AppError).message).toContain('100×90');
  const [mesh] = await vision.landmarks([raster<'crop'>(256, 256)], never());
  expect(mesh!.points).toHaveLength(478);
  expect(mesh!.presence).toBeLessThan(0.01);
});

test('the identity network is loaded when it is asked for, and the others work on', async () => {
  const chips = Array.from({ length: 5 }, () => raster<'crop'>(150, 150));
  const identities = await vision.identify(chips, never());
  expect(identities.map(({ length }) => length)).toEqual(chips.map(() => 128));
  const wrong = await vision.identify([raster<'crop'>(100, 90)], never()).catch((error: unknown) => error);
  expect((wrong as AppError).message).toContain('150×150');
  expect(await vision.landmarks([raster<'crop'>(256, 256)], never())).toHaveLength(1);
});

test('a cancelled call rejects with an AbortError and the next one is answered', async () => {
  const controller = new AbortController();
  const squares = Array.from({ length: 24 }, () => raster<'crop'>(256, 256));
  const pending = vision.landmarks(squares, controller.signal).catch((error: unknown) => error);
  setTimeout(() => controller.abort(), 60);
  expect((await pending) as Error).toHaveProperty('name', 'AbortError');
  expect(await vision.landmarks(squares.slice(0, 2), never())).toHaveLength(2);
});
