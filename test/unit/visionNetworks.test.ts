/** Which networks the vision engine opens and holds, and what it says of those that are not what they should be. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/core/errors';
import type { DetectorChoice, Device, Look } from '../../src/core/look';
import type { GraphSpec } from '../../src/core/pack';
import { raster } from '../../src/core/raster';
import { errorSentence } from '../../src/ui/words';
import { openNetwork } from '../../workers/ort/network';
import { createVision } from '../../workers/vision/engine';
import type { NetworkSource } from '../../workers/vision/networks';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(resolve(root, path));
const { packs } = JSON.parse(read('public/models/catalog.json').toString());
const specs: readonly GraphSpec[] = packs.find(({ id }: { id: string }) => id === 'buffalo_l').tensors;
const signal = new AbortController().signal;

const LOOK: Look = {
  detector: 'buffalo_l',
  device: 'cpu',
  canvas: { width: 64, height: 64 },
  scale: 1,
  picture: raster(64, 48),
};

/** The engine with Buffalo_L's files as given. */
function visionOf(files: Readonly<Record<string, Uint8Array>>) {
  return createVision({
    shipped: () => Promise.reject(new Error('not needed')),
    pack: async () => ({
      revision: '1',
      open: (path) => openNetwork(files[path]!, { spec: specs.find((spec) => spec.path === path)! }),
    }),
  });
}

const twins = {
  'det_10g.onnx': read('test/twins/det_10g.onnx'),
  '2d106det.onnx': read('test/twins/2d106det.onnx'),
};

describe('a file that is not the model of its name is model-corrupt, and says which detector and what is wrong', () => {
  test.each([
    ['no network at all', { 'det_10g.onnx': Buffer.from('<!doctype html>') }, /./],
    [
      'another network',
      { 'det_10g.onnx': read('public/models/faces/yunet_s.onnx') },
      /det_10g\.onnx.*catalog/,
    ],
    ['the other one of its pack', { '2d106det.onnx': twins['det_10g.onnx'] }, /2d106det\.onnx.*catalog/],
  ] as const)('%s', async (_what, files, words) => {
    const vision = visionOf({ ...twins, ...files });
    const failure = vision.detect(LOOK, signal);
    await expect(failure).rejects.toMatchObject({
      code: 'model-corrupt',
      details: { detector: 'buffalo_l' },
    });
    await expect(failure).rejects.toThrow(words);
  });

  test('the right ones are taken, and look at any canvas of 32s', async () => {
    const vision = visionOf(twins);
    for (const [width, height] of [
      [64, 64],
      [96, 64],
      [32, 160],
    ] as const) {
      await expect(
        vision.detect({ ...LOOK, canvas: { width, height }, picture: raster(20, 30) }, signal),
      ).resolves.toEqual(expect.any(Array));
    }
    const odd = vision.detect({ ...LOOK, canvas: { width: 70, height: 64 } }, signal);
    await expect(odd).rejects.toThrow(/64×48 px do not go on a canvas of 70×64/);
  });

  test('a pack that is not here is model-missing', async () => {
    const without = createVision({ shipped: () => Promise.reject(new Error('x')), pack: async () => null });
    await expect(without.detect(LOOK, signal)).rejects.toMatchObject({
      code: 'model-missing',
      details: { detector: 'buffalo_l' },
    });
    await expect(without.ready({ detector: 'retinaface', device: 'cpu' }, signal)).rejects.toMatchObject({
      code: 'model-missing',
      details: { detector: 'retinaface' },
    });
  });
});

/** Packs whose networks say when they are released. */
function countingSource() {
  const live = new Set<string>();
  const disk = new Map<string, string>([
    ['buffalo_l', '1'],
    ['retinaface', '1'],
  ]);
  let failing = '';
  const source: NetworkSource = {
    shipped: async () => ({ inputs: [], run: async () => ({}), release: async () => {} }),
    async pack(id) {
      const revision = disk.get(id);
      return revision === undefined
        ? null
        : {
            revision,
            async open(path, device) {
              if (path === failing) throw new AppError('model-corrupt', 'fake', {});
              const name = `${path} ${revision} on ${device}`;
              live.add(name);
              return { inputs: [], run: async () => ({}), release: async () => void live.delete(name) };
            },
          };
    },
  };
  const fail = (path: string) => {
    failing = path;
  };
  return { vision: createVision(source), live, disk, fail };
}

describe('networks of packs', () => {
  const buffalo = (revision: string, device = 'cpu') => [
    `det_10g.onnx ${revision} on ${device}`,
    `2d106det.onnx ${revision} on ${device}`,
  ];

  test('those of one pack are held: another device, revision or detector, or its removal, releases them', async () => {
    const { vision, live, disk } = countingSource();
    const ready = (detector: DetectorChoice['detector'], device: Device = 'cpu') =>
      vision.ready({ detector, device }, signal);
    await ready('auto');
    await ready('buffalo_l');
    expect([...live]).toEqual(buffalo('1'));
    await ready('buffalo_l', 'gpu');
    expect([...live]).toEqual(buffalo('1', 'gpu'));
    disk.set('buffalo_l', '2');
    await ready('auto');
    expect([...live]).toEqual(buffalo('2'));
    await ready('retinaface');
    expect([...live]).toEqual(['retinaface_resnet50.onnx 1 on cpu']);
    disk.clear();
    expect(await ready('auto')).toBe('embedded');
    expect([...live]).toEqual([]);
  });

  test('when the second file fails the first is not kept, and the error names file and detector', async () => {
    const { vision, live, fail } = countingSource();
    fail('2d106det.onnx');
    const failure = vision.ready({ detector: 'buffalo_l', device: 'cpu' }, signal);
    await expect(failure).rejects.toMatchObject({
      code: 'model-corrupt',
      details: { detector: 'buffalo_l', path: '2d106det.onnx' },
    });
    expect([...live]).toEqual([]);
    fail('');
    expect(await vision.ready({ detector: 'buffalo_l', device: 'cpu' }, signal)).toBe('buffalo_l');
  });

  test.each([
    ['a disk that cannot be read', new DOMException('Internal error opening backing store', 'UnknownError')],
    ['a disk that lost a part', new AppError('model-missing', 'fake', { lost: true })],
  ])('%s keeps nobody from finding faces, unless Buffalo_L was asked for by name', async (_what, error) => {
    const vision = createVision(failingSource(error));
    expect(await vision.ready({ detector: 'auto', device: 'cpu' }, signal)).toBe('embedded');
    const asked = vision.ready({ detector: 'buffalo_l', device: 'cpu' }, signal);
    await expect(asked).rejects.toBeInstanceOf(AppError);
  });

  test('what the errors of a damaged pack say leads to the shelf and to the settings', async () => {
    const lost = createVision(failingSource(new AppError('model-missing', 'fake', { lost: true })));
    const wrong = visionOf({ ...twins, 'det_10g.onnx': twins['2d106det.onnx'] });
    for (const [vision, words] of [
      [lost, /Buffalo_L has lost a part on the disk.*Models.*Settings/],
      [wrong, /Buffalo_L cannot be used: det_10g\.onnx is another model.*Models.*Settings/],
    ] as const) {
      const error = await vision
        .ready({ detector: 'buffalo_l', device: 'cpu' }, signal)
        .catch((reason: unknown) => reason);
      expect(errorSentence(error as AppError)).toMatch(words);
    }
  });
});

function failingSource(error: Error): NetworkSource {
  const network = { inputs: [], run: async () => ({}), release: async () => {} };
  return { shipped: async () => network, pack: () => Promise.reject(error) };
}
