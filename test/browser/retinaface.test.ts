/** RetinaFace against facelib's and facexlib's own code on the same twin: test/golden, made by tools/golden/retinaface.py. */
import { afterAll, expect, test } from 'vitest';
import { rect } from '../../src/core/geometry';
import type { Device } from '../../src/core/look';
import type { PhotoInfo } from '../../src/core/photo';
import { raster } from '../../src/core/raster';
import { retinafaceGlance } from '../../src/pipeline/reference';
import golden from '../golden/retinaface.json';
import twinUrl from '../twins/retinaface.onnx?url';
import {
  asGolden,
  differences,
  facesAt,
  type GoldenFace,
  modelAt,
  openNamed,
  visionWith,
} from './detectorLab';
import { engines, photo, signal } from './photoEngine';
import { NOT_HERE } from './sharedPhoto';

interface Case {
  readonly photo: string;
  /** Left, top, width, height. */
  readonly crop: readonly [number, number, number, number] | null;
  readonly variant: 'facelib' | 'facexlib';
  readonly inputSize: readonly [number, number];
  readonly beforeFilter: number;
  readonly faces: readonly GoldenFace[];
}
const cases = golden.cases as unknown as readonly Case[];

const vision = visionWith({ 'retinaface_resnet50.onnx': await modelAt(twinUrl) });

afterAll(() => engines.dispose());

/** The case's picture as a photo of its own; null where it is not there. */
async function opened({ photo: path, crop }: Case): Promise<PhotoInfo | null> {
  const whole = await openNamed(path.split('/').at(-1)!);
  if (!whole || !crop) return whole;
  const [x, y, width, height] = crop;
  const [pixels] = await photo.regions(
    whole.id,
    [{ area: rect(x, y, width, height), widthPx: width, heightPx: height }],
    signal,
  );
  const [file] = await photo.encode([raster<'crop'>(width, height, pixels!.data)], signal);
  await photo.close(whole.id, signal);
  return await photo.open(file!, 'crop.png', signal);
}

test('the reference drops faces by its eyes, and each library others', () => {
  expect(cases.some(({ beforeFilter, faces }) => beforeFilter > faces.length)).toBe(true);
  expect(new Set(cases.map(({ variant }) => variant)).size).toBe(2);
});

test.for(cases.map((one) => [one.photo, one.crop?.join() ?? 'whole', one.variant, one] as const))(
  '%s (%s) as %s sees it, within 0.01 px, in its order',
  async ([, , variant, wanted], { skip }) => {
    const info = await opened(wanted);
    if (!info) return skip(NOT_HERE);
    const glance = retinafaceGlance(info, variant, 'cpu')!;
    expect([glance.request.widthPx, glance.request.heightPx]).toEqual(wanted.inputSize);
    const found = await facesAt(glance, info, vision);
    await photo.close(info.id, signal);
    expect(found).toHaveLength(wanted.faces.length);
    const { px, score } = differences(found, wanted.faces);
    expect(px).toBeLessThan(0.01);
    expect(score).toBeLessThan(1e-4);
  },
);

test('the GPU, once checked, finds the same within 1e-3', { timeout: 120_000 }, async () => {
  const info = (await openNamed('face_256.png'))!;
  const found = (device: Device) => facesAt(retinafaceGlance(info, 'facelib', device)!, info, vision);
  const [onCpu, onGpu] = [await found('cpu'), await found('gpu')];
  await photo.close(info.id, signal);
  expect(onGpu).toHaveLength(onCpu.length);
  const { px, score } = differences(onGpu, onCpu.map(asGolden));
  expect(px).toBeLessThan(1e-3);
  expect(score).toBeLessThan(1e-3);
});
