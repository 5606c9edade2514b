/** The reference detectors as the app runs them, in the page: pixels from the real photo worker, networks of a test. */
import type { Detection } from '../../src/core/face';
import { apply, type Point, shift } from '../../src/core/geometry';
import type { PhotoInfo } from '../../src/core/photo';
import type { VisionEngine } from '../../src/engines/contracts';
import { type Glance, toPhoto } from '../../src/pipeline/passes';
import type { GpuDevice } from '../../workers/gpu/device';
import { createGpu } from '../../workers/gpu/gpu';
import { openNetwork } from '../../workers/ort/network';
import { createVision } from '../../workers/vision/engine';
import faceUrl from '../golden/face_256.png?url';
import { photo, signal } from './photoEngine';
import { sharedPhoto } from './sharedPhoto';

export type Model = Uint8Array<ArrayBuffer>;

let device: Promise<GpuDevice> | null = null;
/** A device that passed the self-check. */
const checkedGpu = () => {
  device ??= createGpu({ get: async () => null, put: async () => {} }).open(signal);
  return device;
};

/** The vision engine with these files as its packs. */
export function visionWith(files: Readonly<Record<string, Model>>): VisionEngine {
  return createVision({
    shipped: () => Promise.reject(new Error('no shipped network is needed here')),
    pack: async () => ({
      revision: 'test',
      open: async (path, on) => openNetwork(files[path]!, on === 'gpu' ? { gpu: await checkedGpu() } : {}),
    }),
  });
}

export async function modelAt(url: string): Promise<Model> {
  return new Uint8Array(await (await fetch(url)).arrayBuffer());
}

const OWN: Readonly<Record<string, string>> = {
  'eileen-collins.jpg': '/sample/eileen-collins.jpg',
  'face_256.png': faceUrl,
};

/** A picture of this project, or a photo of ../shared; null where that is not there. */
export async function openNamed(name: string): Promise<PhotoInfo | null> {
  const own = OWN[name];
  const file = own ? await (await fetch(own)).blob() : await sharedPhoto(name);
  return file && (await photo.open(file, name, signal));
}

/** What one glance finds, in photo pixels, in the detector's order. */
export async function facesAt(
  glance: Glance,
  { id }: PhotoInfo,
  vision: VisionEngine,
): Promise<readonly Detection<'photo'>[]> {
  const [picture] = await photo.regions(id, [glance.request], signal);
  const found = await vision.detect({ ...glance.manner, picture: picture! }, signal);
  return found.map((hit) => toPhoto(hit, glance.toPhoto));
}

export interface GoldenFace {
  readonly box: readonly [number, number, number, number];
  readonly score: number;
  readonly points: readonly (readonly [number, number])[];
}

/** Largest difference of boxes and points, px, and of scores; faces are compared in order. */
export function differences(
  found: readonly Detection<'photo'>[],
  wanted: readonly GoldenFace[],
): { readonly px: number; readonly score: number } {
  const px = found.flatMap(({ box, points }, i) => {
    const mine = [box.x, box.y, box.x + box.width, box.y + box.height, ...points.flatMap((p) => [p.x, p.y])];
    const theirs = [...wanted[i]!.box, ...wanted[i]!.points.flat()];
    return mine.map((value, k) => Math.abs(value - theirs[k]!));
  });
  const score = found.map((face, i) => Math.abs(face.score - wanted[i]!.score));
  return { px: Math.max(0, ...px), score: Math.max(0, ...score) };
}

export function asGolden({ box, score, points }: Detection<'photo'>): GoldenFace {
  return {
    box: [box.x, box.y, box.x + box.width, box.y + box.height],
    score,
    points: points.map(({ x, y }) => [x, y] as const),
  };
}

/** As the reference counts: from the centre of the first pixel. */
export function fromPixelCentre(p: Point<'photo'>): Point<'photo'> {
  return apply(shift<'photo', 'photo'>(-0.5, -0.5), p);
}
