/** Which detector looks depends on what is on the disk: the real workers, the real store, Buffalo_L's twins as its pack. */
import { afterEach, expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import type { Pack, PackFile } from '../../src/core/pack';
import { MIB_BYTES } from '../../src/core/units';
import { sha256 } from '../../src/models/sha256';
import { findFaces } from '../../src/pipeline/detect';
import { faceData } from '../../src/pipeline/faceData';
import landmarksUrl from '../twins/2d106det.onnx?url';
import detectorUrl from '../twins/det_10g.onnx?url';
import retinafaceUrl from '../twins/retinaface.onnx?url';
import { modelAt, openNamed } from './detectorLab';
import { clearAll, failureOf, never, openWindow, serveCatalog } from './packBench';
import { engines } from './photoEngine';

const { vision } = engines;
const choice = (detector: (typeof DEFAULT_CONFIG.detection)['detector']) =>
  ({ detector, device: 'cpu' }) as const;

afterEach(async () => {
  // Its connection to the disk would keep the disk from being emptied.
  engines.dispose();
  await clearAll();
});

const BUFFALO = { 'det_10g.onnx': detectorUrl, '2d106det.onnx': landmarksUrl };
const RETINAFACE = { 'retinaface_resnet50.onnx': retinafaceUrl };

interface TwinPack {
  readonly pack: Pack;
  readonly files: Readonly<Record<string, Blob>>;
}

/** The catalog's own entry, terms and graphs included, with the twins for its files. */
async function twinsOf(
  id: string,
  urls: Readonly<Record<string, string>>,
  revision: string,
): Promise<TwinPack> {
  const { packs } = (await (await fetch('/models/catalog.json')).json()) as { packs: readonly Pack[] };
  const files: Record<string, Blob> = {};
  const described: PackFile[] = [];
  for (const [path, url] of Object.entries(urls)) {
    const bytes = await modelAt(url);
    const hash = await sha256(bytes);
    files[path] = new Blob([bytes]);
    described.push({
      path,
      bytes: bytes.length,
      approximate: false,
      sha256: hash,
      chunkBytes: MIB_BYTES,
      chunkSha256: [hash],
    });
  }
  return { pack: { ...packs.find((pack) => pack.id === id)!, revision, files: described }, files };
}

const buffalo = (revision: string) => twinsOf('buffalo_l', BUFFALO, revision);

/** A person hands the files in. */
async function putOnDisk({ pack, files }: TwinPack, acceptTerms = true) {
  const window = openWindow(await serveCatalog([pack]));
  const uploads = Object.entries(files).map(([path, file]) => ({ path, file }));
  await window.engine.importFiles({ pack: pack.id, acceptTerms }, uploads, never());
  return window.engine;
}

test('the embedded one, until Buffalo_L is here and its terms are accepted; and again when it was removed', async () => {
  expect(await vision.ready(choice('auto'), never())).toBe('embedded');
  const missing = await failureOf(vision.ready(choice('buffalo_l'), never()));
  expect(missing).toMatchObject({ code: 'model-missing', details: { detector: 'buffalo_l' } });

  const twins = await buffalo('1');
  expect((await failureOf(putOnDisk(twins, false))).code).toBe('bad-request');
  expect(await vision.ready(choice('auto'), never())).toBe('embedded');

  const store = await putOnDisk(twins);
  expect(await vision.ready(choice('auto'), never())).toBe('buffalo_l');
  expect(await vision.ready(choice('embedded'), never())).toBe('embedded');
  expect((await failureOf(vision.ready(choice('retinaface'), never()))).details).toMatchObject({
    detector: 'retinaface',
  });

  await store.remove('buffalo_l', never());
  expect(await vision.ready(choice('auto'), never())).toBe('embedded');
});

test('faces have 106 points where Buffalo_L looked, and face_data.json carries them as the reference counts', async () => {
  await putOnDisk(await buffalo('2'));
  const photo = (await openNamed('eileen-collins.jpg'))!;
  const settings = DEFAULT_CONFIG.detection;
  const faces = await findFaces(photo, engines, settings, never());
  expect(faces.length).toBeGreaterThan(3);
  const { faces: written } = faceData({ photo, faces }, '20261125_120000', settings);
  faces.forEach(({ foundBy, points106, eyes, mesh }, i) => {
    expect(foundBy).toBe('buffalo_l');
    expect(points106).toHaveLength(106);
    expect(mesh.points).toHaveLength(478);
    expect(eyes.left.contour).toHaveLength(8);
    expect(written[i]!.landmarks).toHaveLength(106);
    expect(written[i]!.landmarks[33]![0]).toBeCloseTo(points106![33]!.x - 0.5, 1);
  });

  const [face] = await findFaces(photo, engines, { ...settings, detector: 'embedded' }, never());
  expect(face!.foundBy).toBe('embedded');
  expect(face!.points106).toBeUndefined();
  expect(faceData({ photo, faces: [face!] }, '', settings).faces[0]!.landmarks).toHaveLength(478);
}, 60_000);

test('RetinaFace finds faces by the rules of either library, and the mesh traces them', async () => {
  await putOnDisk(await twinsOf('retinaface', RETINAFACE, '1'));
  const photo = (await openNamed('eileen-collins.jpg'))!;
  const settings = { ...DEFAULT_CONFIG.detection, detector: 'retinaface' } as const;
  const counts = [];
  for (const retinafaceVariant of ['facelib', 'facexlib'] as const) {
    const faces = await findFaces(photo, engines, { ...settings, retinafaceVariant }, never());
    expect(faces.every(({ mesh, points106 }) => mesh.points.length === 478 && !points106)).toBe(true);
    counts.push(faces.length);
  }
  expect(counts[1]).toBeGreaterThan(0);
  expect(counts[0]).toBeGreaterThan(counts[1]!);
}, 60_000);

test('what is not the model of its name is said to be wrong, and the embedded one still works', async () => {
  const { pack, files } = await buffalo('3');
  const landmarks = pack.files.find(({ path }) => path === '2d106det.onnx')!;
  const wrong = pack.files.map((file) =>
    file.path === 'det_10g.onnx' ? { ...landmarks, path: file.path } : file,
  );
  await putOnDisk({
    pack: { ...pack, files: wrong },
    files: { ...files, 'det_10g.onnx': files['2d106det.onnx']! },
  });
  const failure = await failureOf(vision.ready(choice('buffalo_l'), never()));
  expect(failure).toMatchObject({
    code: 'model-corrupt',
    details: { detector: 'buffalo_l', path: 'det_10g.onnx' },
  });
  expect(await vision.ready(choice('auto'), never())).toBe('embedded');
});

test('on the GPU, which is checked first, the same faces have the same points', async () => {
  await putOnDisk(await buffalo('4'));
  const photo = (await openNamed('eileen-collins.jpg'))!;
  const settings = { ...DEFAULT_CONFIG.detection, detector: 'buffalo_l' } as const;
  const onCpu = await findFaces(photo, engines, settings, never());
  const onGpu = await findFaces(photo, engines, { ...settings, device: 'gpu' }, never());
  const pointsOf = (faces: typeof onCpu) =>
    faces.flatMap(({ points106 }) => points106!.flatMap(({ x, y }) => [x, y]));
  expect(onGpu.map(({ score }) => score.toFixed(4))).toEqual(onCpu.map(({ score }) => score.toFixed(4)));
  const [cpu, gpu] = [pointsOf(onCpu), pointsOf(onGpu)];
  expect(Math.max(...cpu.map((value, i) => Math.abs(value - gpu[i]!)))).toBeLessThan(0.01);
}, 180_000);
