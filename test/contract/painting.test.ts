/** The road with a painter: who is painted, with what, in which order, and what becomes of failures. Engines are fakes. */
import { expect, test } from 'vitest';
import { type Config, DEFAULT_CONFIG } from '../../src/core/config';
import { AppError } from '../../src/core/errors';
import type { Run } from '../../src/core/run';
import type { PaintWish, RunRequest } from '../../src/pipeline/request';
import { openTheEyes } from '../../src/pipeline/route';
import { type FakeOptions, fakeEngines } from '../fakes/engines';
import { makeFace, makePhoto } from '../fakes/faces';
import { makeFacts } from '../fakes/gpu';
import { makeFile, makePack, makeReady } from '../fakes/packList';

const blink = makeFace({ index: 0, x: 40, y: 60, sidePx: 220, left: 'closed', right: 'closed' });
const wink = makeFace({ index: 1, x: 330, y: 67, sidePx: 230, left: 'closed', right: 'open' });

const gpu = { required: true, features: [], bufferBytes: 1000, operators: [] };
const files = [makeFile('unet.onnx', 2_000_000_000)];
const base = makePack('sdxl-inpaint', { gpu, files, workingSetBytes: 3_000_000_000 });
const refiner = makePack('sdxl-refiner', { gpu, files, workingSetBytes: 3_100_000_000 });
const withPainter: FakeOptions = {
  packs: { statuses: [makeReady(base)] },
  gpu: { facts: makeFacts({ ramHintGib: 8 }) },
};

interface Asked {
  readonly faces?: readonly (typeof blink)[];
  readonly config?: (config: Config) => Config;
  readonly paintWishes?: ReadonlyMap<number, PaintWish>;
}

function request({ faces = [blink, wink], config = (same) => same, paintWishes }: Asked = {}): RunRequest {
  return {
    self: { photo: makePhoto('group'), faces: [blink, wink] },
    choices: faces.map((face) => ({ face, sides: face === blink ? ['left', 'right'] : ['left'] })),
    donors: [],
    matches: [],
    config: config(DEFAULT_CONFIG),
    ...(paintWishes && { paintWishes }),
  };
}

/** Everything is painted. */
const asIt: Asked = {
  config: (config) => ({ ...config, generation: { ...config.generation, generator: 'sdxl' } }),
};

const generated =
  (change: Partial<Config['generation']>) =>
  (config: Config): Config => ({ ...config, generation: { ...config.generation, ...change } });

async function drive(options: FakeOptions = {}, asked: Asked = {}, controller = new AbortController()) {
  const engines = fakeEngines(options);
  const seen: Run[] = [];
  const run = await openTheEyes(request(asked), engines, controller.signal, (next) => seen.push(next));
  const origins = run.faces.map((f) => f.candidates.map((c) => c.candidate.origin.kind));
  return { run, engines, seen, origins };
}

test('a face that nobody can lend eyes to is painted, the other is not', async () => {
  const { run, engines, origins } = await drive(withPainter);
  expect(origins).toEqual([Array(4).fill('painted'), ['other-eye', 'other-eye']]);
  expect(run.faces.map((f) => f.status)).toEqual(['opened', 'opened']);
  expect(engines.painted).toHaveLength(1);
  const [face] = engines.painted[0]!.faces;
  expect(face!.eyes).toHaveLength(2);
  expect(face!.variations.map(({ seed }) => seed)).toEqual([42, 43, 44, 45]);
  // Nobody knows the colour of these eyes.
  expect(face!.iris).toBeNull();
  expect(face!.variations[0]!.prompt).not.toContain('iris,');
});

test('a face whose borrowed eyes all stay closed is painted, and its refusals are kept', async () => {
  const { run, origins } = await drive({ ...withPainter, stayClosed: [0.4, 0.8] }, { faces: [wink] });
  expect(origins).toEqual([Array(4).fill('painted')]);
  expect(run.faces[0]!.refusals.map(({ reason }) => reason)).toEqual(['stays-closed', 'stays-closed']);
});

test('without a painter, and with donors only, nothing is painted and nothing fails', async () => {
  for (const { run, engines } of [
    await drive({ openedRanks: [] }),
    await drive({ ...withPainter, gpu: {}, openedRanks: [] }),
    await drive(withPainter, { config: generated({ generator: 'donor' }) }),
  ]) {
    expect(engines.painted).toEqual([]);
    expect(run.faces.map((f) => f.status)).toEqual(['no-candidate', 'opened']);
  }
});

test('asked for by name every face is painted in one call, its donors come after', async () => {
  const { engines, origins, run } = await drive(withPainter, {
    config: generated({ generator: 'sdxl', numVariations: 2 }),
  });
  expect(engines.painted.map(({ faces }) => faces.length)).toEqual([2]);
  expect(origins).toEqual([
    ['painted', 'painted'],
    ['painted', 'painted', 'other-eye', 'other-eye'],
  ]);
  expect([...engines.placed.values()]).toEqual([95, 95]);
  // The open eye of the wink tells the colour.
  const [, second] = engines.painted[0]!.faces;
  expect(second!.iris).toEqual({ red: 94, green: 61, blue: 42 });
  expect(second!.variations[0]!.prompt).toContain('brown iris');
  expect(Object.keys(run.faces[1]!.timingsMs)).toEqual(['crop', 'generate', 'paint', 'blend', 'place']);
});

test('a wish for one face is painted as wished, the other face is left to its donors', async () => {
  const paintWishes = new Map([
    [1, { prompt: 'a wink, {iris} eyes', seed: 7, strength: 0.4, iris: 'green' as const }],
  ]);
  const { engines, origins } = await drive(withPainter, { faces: [wink], paintWishes });
  const [face] = engines.painted[0]!.faces;
  expect(face!.variations[0]).toMatchObject({ prompt: 'a wink, green eyes', seed: 7 });
  expect(face!.settings.strength).toBe(0.4);
  expect(engines.calls).not.toContain('eyeColours');
  expect(origins[0]!.slice(0, 4)).toEqual(Array(4).fill('painted'));
});

test('asked for by name and not there, the faces say what is missing', async () => {
  const config = generated({ generator: 'sdxl' });
  const none = await drive({}, { config });
  expect(none.run.faces.map((f) => f.error?.code)).toEqual(['model-missing', 'model-missing']);
  const noGpu = await drive({ ...withPainter, gpu: {} }, { config });
  expect(noGpu.run.faces.map((f) => f.error?.code)).toEqual(['gpu-missing', 'gpu-missing']);
  const small = await drive({ ...withPainter, gpu: { facts: makeFacts({ bufferBytes: 10 }) } }, { config });
  expect(small.run.faces[0]!.error).toMatchObject({
    code: 'gpu-too-small',
    details: { pack: 'sdxl-inpaint' },
  });
});

test('a refiner that is switched on and not here is said to be missing', async () => {
  const config = (c: Config): Config => ({ ...c, refiner: { ...c.refiner, enabled: true } });
  const asked = (c: Config): Config => config(generated({ generator: 'sdxl' })(c));
  const { run } = await drive(withPainter, { config: asked });
  expect(run.faces[0]!.error).toMatchObject({ code: 'model-missing', details: { pack: 'sdxl-refiner' } });
  const both = { ...withPainter, packs: { statuses: [makeReady(base), makeReady(refiner)] } };
  const { engines } = await drive(both, { config });
  expect(engines.painted[0]!.faces[0]!.settings.refiner).toMatchObject({ by: 'picture', strength: 0.3 });
});

test('a painter that is lost goes on with smaller and smaller plans, down to the smallest', async () => {
  const lost = new AppError('engine-lost', 'gone', { engine: 'painter' });
  const once = await drive({
    ...withPainter,
    failAt: (method, nth) => (method === 'paint' && nth < 3 ? lost : null),
  });
  expect(once.run.faces[0]!.status).toBe('opened');
  const plans = once.engines.painted.map(({ plan }) => plan);
  expect(plans.map(({ sidePx, pictures, together }) => [sidePx, pictures, together])).toEqual([
    [1024, 2, true],
    [1024, 2, true],
    [1024, 1, false],
    [768, 1, false],
  ]);
  expect(plans.map(({ keeps }) => keeps.length > 0)).toEqual([true, false, false, false]);

  const ever = await drive({ ...withPainter, failAt: (method) => (method === 'paint' ? lost : null) }, asIt);
  expect(ever.run.faces.map((f) => f.error?.code)).toEqual(['engine-lost', 'engine-lost']);
  expect(ever.engines.painted.at(-1)!.plan.sidePx).toBe(512);
  expect(ever.engines.painted).toHaveLength(6);
});

test('a GPU that is too full for the smallest plan is too small, and a part that is not the painter is not tried again', async () => {
  const full = new AppError('engine-lost', 'full', { engine: 'painter', reason: 'out-of-memory' });
  const ever = await drive({ ...withPainter, failAt: (method) => (method === 'paint' ? full : null) }, asIt);
  expect(ever.run.faces[0]!.error).toMatchObject({
    code: 'gpu-too-small',
    details: { pack: 'sdxl-inpaint' },
  });
  expect(ever.engines.painted).toHaveLength(5);
  const photo = new AppError('engine-lost', 'gone', { engine: 'photo' });
  const other = await drive(
    { ...withPainter, failAt: (method) => (method === 'paint' ? photo : null) },
    asIt,
  );
  expect(other.engines.painted).toHaveLength(1);
});

test('a painter that fell silent is asked once more, not for ever', async () => {
  const silent = new AppError('engine-lost', 'nothing heard', { engine: 'painter', reason: 'silent' });
  const silentFor = (times: number) =>
    drive(
      { ...withPainter, failAt: (method, nth) => (method === 'paint' && nth < times ? silent : null) },
      asIt,
    );
  expect((await silentFor(1)).run.faces[0]!.status).toBe('opened');
  const { run, engines } = await silentFor(2);
  expect(run.faces[0]!.error).toMatchObject({ code: 'engine-lost', details: { reason: 'silent' } });
  expect(engines.painted).toHaveLength(2);
});

test('another error of the painter is not tried again; who did not ask for it gets the usual advice', async () => {
  const broken = new AppError('model-corrupt', 'not it', { pack: 'sdxl-inpaint' });
  const failing = { ...withPainter, failAt: (method: string) => (method === 'paint' ? broken : null) };
  const asked = await drive(failing, asIt);
  expect(asked.run.faces.map((f) => f.status)).toEqual(['failed', 'failed']);
  expect(asked.engines.painted).toHaveLength(1);
  const { run } = await drive({ ...failing, openedRanks: [] });
  expect(run.faces.map((f) => f.status)).toEqual(['no-candidate', 'opened']);
  expect(run.faces[0]!.refusals[0]!.reason).toBe('no-open-eye-anywhere');
  expect(run.faces[0]!.painted!.failures[0]!.code).toBe('model-corrupt');
});

test('a colour that cannot be looked at is not known, and that is all', async () => {
  const broken = new Error('no such square');
  const { run, engines } = await drive(
    { ...withPainter, failAt: (method) => (method === 'eyeColours' ? broken : null) },
    asIt,
  );
  expect(run.faces.map((f) => f.status)).toEqual(['opened', 'opened']);
  expect(engines.painted[0]!.faces[1]!.iris).toBeNull();
  expect(run.faces.map((f) => f.painted!.irisLeftOut)).toEqual([true, true]);
});

test('variations that failed are told; when all did, the face failed', async () => {
  const some = await drive({ ...withPainter, paintedRanks: [0.9, 0.7] });
  expect(some.run.faces[0]!.candidates).toHaveLength(2);
  expect(some.run.faces[0]!.painted!.failures).toHaveLength(2);
  const none = await drive({ ...withPainter, paintedRanks: [] }, { ...asIt, faces: [blink] });
  expect(none.run.faces[0]!.error).toMatchObject({ code: 'GEN_001', details: { reason: 'not-finite' } });
});

test('the run tells how long painting takes and how the face is going to look, and forgets it afterwards', async () => {
  const { seen, run } = await drive(withPainter);
  const running = seen.find((state) => state.painting !== null)!;
  expect(running).toMatchObject({
    painting: { phase: 'painting', secondsLeft: 7 },
    stage: 'paint',
    progress: 0.75,
  });
  const { preview, frame } = running.faces[0]!;
  expect(preview!.picture.width).toBe(2);
  expect(preview!.part.width).toBe(Math.ceil(0.6 * frame!.sidePx));
  expect(run.painting).toBeNull();
  expect(run.faces.map((f) => f.preview)).toEqual([null, null]);
  const steps = seen.map((s) => s.progress);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
});

test('a cancel while painting keeps the faces that were done before', async () => {
  const controller = new AbortController();
  const onCall = (method: string) => {
    if (method === 'paint') controller.abort();
  };
  const { run, engines } = await drive({ ...withPainter, onCall }, {}, controller);
  expect([...engines.placed.keys()]).toEqual([1]);
  expect(run.faces.map((f) => f.status)).toEqual(['cancelled', 'opened']);
});
