/** The painter on SDXL's twins, on the CPU: what it makes of requests, good and bad, and how it goes on after losses. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '../../src/core/errors';
import { rect } from '../../src/core/geometry';
import type { PaintFace, PaintNews, PaintRequest, PaintResult, PaintSettings } from '../../src/core/painting';
import type { CheckpointMemory } from '../../workers/diffusion/checkpoints';
import { createPainter } from '../../workers/diffusion/engine';
import { type ModelPack, packOf } from '../../workers/ort/diskPack';
import { checkpointsInMemory } from '../fakes/checkpoints';
import { makePaintFace, makePaintRequest, PAINT_SETTINGS } from '../fakes/paintFaces';
import { sdxlPack, type TwinBase, twinSettings } from '../fakes/sdxlPack';

const folder = resolve(import.meta.dirname, '../twins/sdxl');
const readGraph = async (name: string) => new Uint8Array(await readFile(resolve(folder, `${name}.onnx`)));

interface Lab {
  readonly base?: TwinBase;
  readonly changes?: Readonly<Record<string, Blob | null>>;
  readonly checkpoints?: CheckpointMemory;
  readonly onOpen?: (name: string, nth: number) => void;
  readonly refiner?: boolean;
}

async function lab({
  base = 'unet9',
  changes = {},
  checkpoints = checkpointsInMemory(),
  onOpen,
  refiner = false,
}: Lab = {}) {
  const packs: Record<string, ModelPack> = {
    'sdxl-inpaint': packOf(await sdxlPack(base, readGraph, undefined, changes), null),
    ...(refiner && { 'sdxl-refiner': packOf(await sdxlPack('refiner', readGraph), null) }),
  };
  let opened = 0;
  return createPainter({
    checkpoints,
    pack: async (id) => {
      const pack = packs[id];
      if (!pack) return null;
      return {
        ...pack,
        open: async (name, sizes, signal) => {
          onOpen?.(name, opened);
          opened += 1;
          return pack.open(name, sizes, signal);
        },
      };
    },
  });
}

const never = () => new AbortController().signal;

function bytesOf(result: PaintResult): readonly string[] {
  return result.faces.flatMap(({ candidates }) =>
    candidates.map(({ pixels }) => Buffer.from(pixels.data).toString('base64')),
  );
}

/** Largest difference of pixels, codes. */
function farApart(a: PaintResult, b: PaintResult): number {
  const pixels = (result: PaintResult) =>
    result.faces.flatMap((f) => f.candidates.flatMap((c) => [...c.pixels.data]));
  const [mine, theirs] = [pixels(a), pixels(b)];
  expect(mine.length).toBe(theirs.length);
  return mine.reduce((most, code, i) => Math.max(most, Math.abs(code - theirs[i]!)), 0);
}

test('each variation becomes a candidate that lies in the face square; each network is loaded once', async () => {
  const painter = await lab();
  const news: PaintNews[] = [];
  const result = await painter.paint(
    makePaintRequest([makePaintFace(), makePaintFace({ area: rect(0, 0, 128, 128) })]),
    never(),
    (n) => news.push(n),
  );
  expect(result.loads).toEqual({
    text_encoder: 1,
    text_encoder_2: 1,
    vae_encoder: 1,
    unet: 1,
    vae_decoder: 1,
  });
  expect(result.faces.map(({ candidates }) => candidates.length)).toEqual([2, 2]);
  const [first, second] = result.faces[0]!.candidates;
  expect(first!.origin).toEqual({
    kind: 'painted',
    photoName: 'family.jpg',
    sourceId: 'seed 1',
    painted: { seed: 1, prompt: 'open eyes' },
  });
  expect(first!.rank).toBeGreaterThan(second!.rank);
  // The mask is 30 × 18 px round (62, 60), and a rim of 8 px is kept.
  expect(first!.area.x).toBeGreaterThanOrEqual(38);
  expect(first!.area.x + first!.area.width).toBeLessThanOrEqual(87);
  expect(first!.pixels.width).toBe(first!.area.width);
  expect(Math.max(...first!.mask.data)).toBe(1);
  expect(new Set(bytesOf(result)).size).toBe(4);
  const done = news.map((n) => n.done);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  // 2 of 4 steps at strength 0.7, four variations.
  expect(news.filter(({ preview }) => preview).map(({ preview }) => preview!.face)).toEqual([
    0, 0, 0, 0, 1, 1, 1, 1,
  ]);
  expect(news.findLast(({ preview }) => preview)!.preview!.picture.width).toBe(8);
  expect(news.at(-1)!.phase).toBe('developing');
});

test('a face in company is painted as it is alone', async () => {
  const other = makePaintFace({
    area: rect(7, 9, 80, 80),
    iris: null,
    variations: [{ ...makePaintFace().variations[0]!, seed: 77 }],
  });
  const both = await (await lab()).paint(makePaintRequest([makePaintFace(), other]), never());
  const alone = await (await lab()).paint(makePaintRequest([other]), never());
  expect(bytesOf(both)[2]).toBe(bytesOf(alone)[0]);
});

test('variations in one run of the network are what they are one by one; one that is further on goes alone', async () => {
  const variations = [1, 2, 3].map((seed) => ({ ...makePaintFace().variations[0]!, seed }));
  const asked = [makePaintFace({ variations })];
  const wanted = await (await lab()).paint(makePaintRequest(asked), never());
  const together = await (await lab()).paint(makePaintRequest(asked, { pictures: 4 }), never());
  expect(farApart(together, wanted)).toBeLessThanOrEqual(1);

  const checkpoints = checkpointsInMemory();
  const controller = new AbortController();
  const first = makePaintRequest([makePaintFace({ variations: variations.slice(0, 1) })]);
  const stopped = (await lab({ checkpoints })).paint(first, controller.signal, ({ preview }) => {
    if (preview) controller.abort();
  });
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  const news: PaintNews[] = [];
  const resumed = await (await lab({ checkpoints })).paint(
    makePaintRequest(asked, { pictures: 4 }),
    never(),
    (n) => news.push(n),
  );
  expect(farApart(resumed, wanted)).toBeLessThanOrEqual(1);
  expect(news.filter(({ preview }) => preview)).toHaveLength(5);
});

test('after a loss it goes on from the last step, and nothing is left on the disk when it is done', async () => {
  const wanted = await (await lab()).paint(makePaintRequest(), never());
  const checkpoints = checkpointsInMemory();
  let steps = 0;
  const losing = await lab({
    checkpoints: {
      ...checkpoints,
      put: async (key, state) => {
        await checkpoints.put(key, state);
        steps += 1;
      },
    },
    // With the base's last step behind it.
    onOpen: (name) => {
      if (name === 'vae_decoder') throw new AppError('engine-lost', 'gone');
    },
  });
  await expect(losing.paint(makePaintRequest(), never())).rejects.toMatchObject({ code: 'engine-lost' });
  expect(steps).toBe(4);
  const news: PaintNews[] = [];
  const again = await (await lab({ checkpoints })).paint(makePaintRequest(), never(), (n) => news.push(n));
  expect(bytesOf(again)).toEqual(bytesOf(wanted));
  expect(news.filter(({ preview }) => preview)).toHaveLength(0);
  expect(again.loads).not.toHaveProperty('unet');
  expect(checkpoints.states.size).toBe(0);
});

test.each(['auto', 'dpm++2m-karras', 'lcm'] as const)(
  'a cancel is heard between steps, and %s goes on there to the same picture',
  async (scheduler) => {
    const settings = { ...PAINT_SETTINGS, scheduler, steps: 5, guidanceScale: 1 };
    const asked = makePaintRequest([
      makePaintFace({ settings, variations: makePaintFace().variations.slice(0, 1) }),
    ]);
    const wanted = await (await lab()).paint(asked, never());
    const checkpoints = checkpointsInMemory();
    const controller = new AbortController();
    const cancelled = (await lab({ checkpoints })).paint(asked, controller.signal, ({ preview }) => {
      if (preview) controller.abort();
    });
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    expect([...checkpoints.states.values()].map(({ next }) => next)).toEqual([3]);
    const news: PaintNews[] = [];
    const again = await (await lab({ checkpoints })).paint(asked, never(), (n) => news.push(n));
    expect(news.filter(({ preview }) => preview)).toHaveLength(2);
    expect(bytesOf(again)).toEqual(bytesOf(wanted));
  },
);

test('what a plan keeps is not loaded again', async () => {
  const painter = await lab();
  const keeps = ['text_encoder', 'text_encoder_2', 'unet'] as const;
  const first = await painter.paint(makePaintRequest([makePaintFace()], { keeps }), never());
  const second = await painter.paint(
    makePaintRequest([makePaintFace({ photoName: 'again.jpg' })], { keeps }),
    never(),
  );
  expect(first.loads.unet).toBe(1);
  expect(second.loads).toEqual({ vae_encoder: 1, vae_decoder: 1 });
  expect(bytesOf(second)).toEqual(bytesOf(first));
});

test.each([
  ['unet9', 'latents'],
  ['unet9', 'picture'],
  ['unet4', 'latents'],
  ['unet4', 'picture'],
] as const)(
  'a refiner after %s, by %s, changes the picture; no network is loaded twice',
  async (base, by) => {
    const refiner = { by, strength: 0.5, steps: 4, guidanceScale: 3, switchAt: 0.5 };
    const settings = { ...PAINT_SETTINGS, strength: 1, steps: 4, refiner };
    const variations = makePaintFace().variations.slice(0, 1);
    const asked = makePaintRequest(
      [makePaintFace({ settings, variations })],
      by === 'picture' ? { keeps: ['vae_encoder', 'vae_decoder'] } : {},
    );
    const plain = makePaintRequest([makePaintFace({ settings: { ...settings, refiner: null }, variations })]);
    const refined = await (await lab({ base, refiner: true })).paint(asked, never());
    expect(refined.loads).toEqual({
      text_encoder: 1,
      text_encoder_2: 1,
      vae_encoder: 1,
      unet: 1,
      refiner: 1,
      vae_decoder: 1,
    });
    expect(bytesOf(refined)).not.toEqual(bytesOf(await (await lab({ base })).paint(plain, never())));
  },
);

test('a network that gives no numbers fails its variations, and says so', async () => {
  const size = (await sdxlPack('unet9', readGraph)).files['unet..weights']!.size;
  const broken = new Blob([new Float32Array(size / 4).fill(Number.NaN)]);
  const result = await (await lab({ changes: { 'unet..weights': broken } })).paint(
    makePaintRequest(),
    never(),
  );
  expect(result.faces[0]!.candidates).toEqual([]);
  expect(result.faces[0]!.failures).toMatchObject([
    { code: 'GEN_001', details: { reason: 'not-finite' } },
    { code: 'GEN_001', details: { reason: 'not-finite' } },
  ]);
});

const asked = (change: Partial<PaintFace>) => makePaintRequest([makePaintFace(change)]);
const settled = (change: Partial<PaintSettings>) => asked({ settings: { ...PAINT_SETTINGS, ...change } });
const worded = (change: Partial<PaintFace['variations'][number]>) =>
  asked({ variations: [{ ...makePaintFace().variations[0]!, ...change }] });

test.each<[string, PaintRequest, string]>([
  ['strength 0', settled({ strength: 0 }), 'strength'],
  ['a strength that leaves no step', settled({ strength: 0.2, steps: 4 }), 'strength'],
  ['a strength above 1', settled({ strength: 1.1 }), 'strength'],
  ['no steps', settled({ steps: 0 }), 'numInferenceSteps'],
  ['10,000 steps', settled({ steps: 10_000 }), 'numInferenceSteps'],
  ['2.5 steps', settled({ steps: 2.5 }), 'numInferenceSteps'],
  ['more steps than LCM was made with', settled({ steps: 51, scheduler: 'lcm' }), 'numInferenceSteps'],
  ['a guidance that is no number', settled({ guidanceScale: Number.NaN }), 'guidanceScale'],
  ['seed −1', worded({ seed: -1 }), 'seed'],
  ['seed 2^40', worded({ seed: 2 ** 40 }), 'seed'],
  ['no variation', asked({ variations: [] }), 'variations'],
  [
    'a picture of another size',
    { ...makePaintRequest(), plan: { ...makePaintRequest().plan, sidePx: 96 } },
    'picture',
  ],
  [
    'a side that the network cannot take',
    { ...makePaintRequest(), plan: { ...makePaintRequest().plan, sidePx: 72 } },
    'side',
  ],
])('%s is refused before anything is loaded', async (_, bad, field) => {
  const opened: string[] = [];
  const painter = await lab({ onOpen: (name) => opened.push(name) });
  await expect(painter.paint(bad, never())).rejects.toMatchObject({
    code: 'bad-request',
    details: { field },
  });
  expect(opened).toEqual([]);
});

const refining = { by: 'picture', strength: 0.5, steps: 4, guidanceScale: 3, switchAt: 0.5 } as const;

test.each<[string, Partial<PaintSettings['refiner'] & object>, string]>([
  ['a refiner that takes no step', { strength: 0.1 }, 'refiner.strength'],
  ['a refiner of too many steps', { steps: 1000.5 }, 'refiner.numInferenceSteps'],
  ['a base that leaves the refiner no step', { by: 'latents', switchAt: 0.999 }, 'refiner.switchAt'],
  ['a refiner that leaves the base no step', { by: 'latents', switchAt: 0.001 }, 'refiner.switchAt'],
  ['a refiner that begins before', { by: 'latents', switchAt: -0.5 }, 'refiner.switchAt'],
])('%s is refused by its own name', async (_, change, field) => {
  const painter = await lab({ refiner: true });
  const bad = settled({ refiner: { ...refining, ...change } });
  await expect(painter.paint(bad, never())).rejects.toMatchObject({
    code: 'bad-request',
    details: { field },
  });
});

test('a face that cannot be painted does not keep the others from it', async () => {
  const [first] = makePaintFace().eyes;
  const outside = makePaintFace({ area: rect(300, 300, 96, 96) });
  const [corner] = first!.eye.corners;
  const flat = makePaintFace({ eyes: [{ ...first!, eye: { ...first!.eye, corners: [corner, corner] } }] });
  const result = await (await lab()).paint(makePaintRequest([outside, makePaintFace(), flat]), never());
  expect(result.faces.map(({ candidates }) => candidates.length)).toEqual([0, 2, 0]);
  expect(result.faces[0]!.failures[0]).toMatchObject({
    code: 'GEN_001',
    details: { reason: 'nothing-to-paint' },
  });
  expect(result.faces[2]!.failures).toHaveLength(2);
});

test('a mask that is all of the picture, a long prompt, an empty one and one of pictures are painted', async () => {
  const [first] = makePaintFace().eyes;
  const mask = { ...first!.mask, halfWidthPx: 400, halfHeightPx: 400 };
  const long = 'closed eyes '.repeat(834);
  const variations = [long, '', '👁️👁️ opened'].map((prompt) => ({ ...makePaintFace().variations[0]!, prompt }));
  const result = await (await lab()).paint(asked({ eyes: [{ ...first!, mask }], variations }), never());
  expect(result.faces[0]!.candidates).toHaveLength(3);
  expect(result.faces[0]!.failures).toEqual([]);
  expect(result.faces[0]!.cut.length).toBeGreaterThan(5000);
});

const settings = (change: object) => new Blob([JSON.stringify({ ...twinSettings('base', 9), ...change })]);

test.each<[string, Record<string, Blob | null>, object]>([
  ['no weights', { 'vae_decoder.weights': null }, { path: 'vae_decoder.onnx' }],
  [
    'half of the weights',
    { 'vae_encoder.weights': new Blob([new Uint8Array(4096)]) },
    { path: 'vae_encoder.onnx' },
  ],
  ['no graph', { 'text_encoder.onnx': null }, { path: 'text_encoder.onnx' }],
  ['no vocabulary', { 'vocab.json': null }, { path: 'vocab.json' }],
  ['a vocabulary that is none', { 'vocab.json': new Blob(['<html>']) }, { path: 'vocab.json' }],
  [
    'another scheduler',
    { 'settings.json': settings({ scheduler: { _class_name: 'Heun' } }) },
    { path: 'settings.json' },
  ],
  ['a refiner in its place', { 'settings.json': settings(twinSettings('refiner', 4)) }, { field: 'kind' }],
])('a pack with %s is model-corrupt, and says what is wrong', async (_, changes, details) => {
  const painter = await lab({ changes });
  await expect(painter.paint(makePaintRequest(), never())).rejects.toMatchObject({
    code: 'model-corrupt',
    details,
  });
});

test('a refiner that is not here is said to be missing', async () => {
  await expect((await lab()).paint(settled({ refiner: refining }), never())).rejects.toMatchObject({
    code: 'model-missing',
    details: { pack: 'sdxl-refiner' },
  });
});
