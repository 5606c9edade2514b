/** The road with a restorer: which faces it sees, what the guard keeps of them, and what becomes of failures. Engines are fakes. */
import { expect, test } from 'vitest';
import { type Config, DEFAULT_CONFIG } from '../../src/core/config';
import { AppError } from '../../src/core/errors';
import type { Face } from '../../src/core/face';
import { point } from '../../src/core/geometry';
import { fold, laidOf, type Run } from '../../src/core/run';
import type { RunRequest } from '../../src/pipeline/request';
import { openTheEyes } from '../../src/pipeline/route';
import { type FakeOptions, fakeEngines } from '../fakes/engines';
import { makeFace, makePhoto } from '../fakes/faces';
import { makeFacts } from '../fakes/gpu';
import { makeFile, makePack, makeReady, makeStatus } from '../fakes/packList';

const winks = [0, 1, 2].map((i) =>
  makeFace({ index: i, x: 40 + 250 * i, y: 60 + 7 * i, sidePx: 220 + 10 * i, left: 'closed', right: 'open' }),
);
const wide = makeFace({ index: 3, x: 20, y: 310, sidePx: 180, left: 'open', right: 'open' });

const needs = { required: false, features: [], bufferBytes: 1000, operators: [] };
const files = [makeFile('model.onnx', 377_000_000)];
const codeformer = makePack('codeformer', { gpu: needs, files, workingSetBytes: 1_100_000_000 });
const gfpgan = makePack('gfpgan', { gpu: needs, files, workingSetBytes: 900_000_000 });
const withRestorer: FakeOptions = { packs: { statuses: [makeReady(codeformer)] } };
const onGpu: FakeOptions = { ...withRestorer, gpu: { facts: makeFacts({ ramHintGib: 8 }) } };

/** What the fake lays down: the best candidate, and what is restored with these fidelities. */
const UNRESTORED = 80;
const AT_07 = 170;
const AT_1 = 200;

interface Asked {
  readonly choices?: RunRequest['choices'];
  readonly settings?: Partial<Config['restoration']>;
}

const opening = (faces: readonly Face[]): RunRequest['choices'] =>
  faces.map((face) => ({ face, sides: ['left'] }));
const only = (face: Face): RunRequest['choices'] => [{ face, sides: [] }];

async function drive(options: FakeOptions, asked: Asked = {}, controller = new AbortController()) {
  const { choices = opening(winks), settings } = asked;
  const engines = fakeEngines(options);
  const seen: Run[] = [];
  const request: RunRequest = {
    self: { photo: makePhoto('group'), faces: [...winks, wide] },
    choices,
    donors: [],
    matches: [],
    config: { ...DEFAULT_CONFIG, restoration: { ...DEFAULT_CONFIG.restoration, ...settings } },
  };
  const run = await openTheEyes(request, engines, controller.signal, (next) => seen.push(next));
  return { run, engines, seen, notes: run.faces.map((f) => f.restoration?.note ?? null) };
}

const restoredAt = (fidelity: number) => ({ outcome: 'restored', fidelity, objection: null });

test('by default what was opened is restored, and nothing else', async () => {
  const { run, engines, notes } = await drive(withRestorer);
  expect(notes).toEqual([restoredAt(0.7), restoredAt(0.7), restoredAt(0.7)]);
  expect(engines.restored).toHaveLength(3);
  expect(engines.restored[0]).toMatchObject({
    restorer: 'codeformer',
    device: 'cpu',
    fidelity: 0.7,
    parse: false,
  });
  expect(engines.fitted).toEqual(['eyes', 'eyes', 'eyes']);
  expect([...engines.placed.values()]).toEqual([AT_07, AT_07, AT_07]);
  expect(run).toMatchObject({ status: 'done', restoring: null });
  for (const face of run.faces) {
    expect(Object.keys(face.timingsMs)).toEqual(['crop', 'generate', 'blend', 'place', 'restore']);
    expect(face).toMatchObject({ status: 'opened', placement: { face: face.face.index } });
    // Only the candidate that lies there was seen.
    expect(face.candidates.map(({ restoration }) => restoration?.note ?? null)).toEqual([
      restoredAt(0.7),
      null,
    ]);
  }
});

test('switched off, no restorer is asked for', async () => {
  const { engines, notes, seen } = await drive(withRestorer, { settings: { mode: 'off' } });
  expect(notes).toEqual([null, null, null]);
  expect(engines.restored).toEqual([]);
  expect(engines.packs.calls).toEqual([]);
  expect(seen.some(({ restoring }) => restoring !== null)).toBe(false);
});

test('whole faces are parsed and fitted whole; of all, also those without an eye to open', async () => {
  const { engines } = await drive(withRestorer, { settings: { mode: 'face' } });
  expect(engines.fitted).toEqual(['face', 'face', 'face']);
  expect(engines.restored.map(({ parse }) => parse)).toEqual([true, true, true]);
  const choices = [...opening(winks.slice(0, 1)), ...only(wide)];
  const all = await drive(withRestorer, { settings: { mode: 'all' }, choices });
  expect(all.engines.fitted).toEqual(['face', 'face']);
  expect(all.run.faces.map(({ status }) => status)).toEqual(['opened', 'finished']);
  expect(all.notes).toEqual([restoredAt(0.7), restoredAt(0.7)]);
  expect(all.engines.placed.get(wide.index)).toBe(AT_07);
  expect(all.run.faces.map((f) => f.placement?.face)).toEqual([0, 3]);
});

test('a face whose eyes could not be opened is not restored', async () => {
  const { run, engines } = await drive({ ...withRestorer, ranks: [], openedRanks: [] });
  expect(run.faces.map((f) => f.status)).toEqual(['no-candidate', 'no-candidate', 'no-candidate']);
  expect(engines.restored).toEqual([]);
});

test.each([
  ['without a restorer', {}],
  ['with one that is not whole', { packs: { statuses: [makeStatus(codeformer)] } }],
  ['with one that does not fit', { ...withRestorer, gpu: { facts: makeFacts({ ramHintGib: 0.25 }) } }],
])('%s the default tells nothing and calls none', async (_, options: FakeOptions) => {
  const { run, engines, notes } = await drive(options);
  expect(notes).toEqual([null, null, null]);
  expect(engines.restored).toEqual([]);
  expect(run.faces.map(({ status }) => status)).toEqual(['opened', 'opened', 'opened']);
});

test('who asks for whole faces hears what is missing, and keeps the opened eyes', async () => {
  const none = await drive({}, { settings: { mode: 'face' } });
  const missing = { outcome: 'failed', code: 'model-missing', details: { pack: 'codeformer' } };
  expect(none.notes).toEqual([missing, missing, missing]);
  expect([...none.engines.placed.values()]).toEqual([UNRESTORED, UNRESTORED, UNRESTORED]);
  expect(none.run.faces.map(({ status }) => status)).toEqual(['opened', 'opened', 'opened']);
  const other = await drive(withRestorer, { settings: { mode: 'face', restorer: 'gfpgan' } });
  expect(other.notes[0]).toMatchObject({ code: 'model-missing', details: { pack: 'gfpgan' } });
  const small = await drive(
    { ...withRestorer, gpu: { facts: makeFacts({ ramHintGib: 0.25 }) } },
    { settings: { mode: 'face' } },
  );
  expect(small.notes[0]).toMatchObject({
    outcome: 'failed',
    code: 'gpu-too-small',
    details: { pack: 'codeformer', reason: expect.stringContaining('memory') },
  });
});

test('the better restorer that is here is taken, the one asked for by name before it', async () => {
  const both = { packs: { statuses: [makeReady(gfpgan), makeReady(codeformer, { state: 'outdated' })] } };
  expect((await drive(both)).engines.restored[0]!.restorer).toBe('codeformer');
  expect((await drive(both, { settings: { restorer: 'gfpgan' } })).engines.restored[0]!.restorer).toBe(
    'gfpgan',
  );
  expect((await drive({ packs: { statuses: [makeReady(gfpgan)] } })).engines.restored[0]!.restorer).toBe(
    'gfpgan',
  );
});

test('of two, one that does not fit leaves the other', async () => {
  const large = makePack('codeformer', { gpu: needs, files, workingSetBytes: 90_000_000_000 });
  const packs = { statuses: [makeReady(large), makeReady(gfpgan)] };
  const gpu = { facts: makeFacts({ ramHintGib: 4 }) };
  expect((await drive({ packs, gpu })).engines.restored[0]!.restorer).toBe('gfpgan');
  const byName = await drive({ packs, gpu }, { settings: { restorer: 'codeformer', mode: 'face' } });
  expect(byName.notes[0]).toMatchObject({ code: 'gpu-too-small', details: { pack: 'codeformer' } });
});

const one = { choices: opening(winks.slice(0, 1)) };

test('a restorer that closes eyes is asked again for the face as it is, and that is said', async () => {
  const { engines, notes, run } = await drive({ ...withRestorer, stayClosed: [1.7] }, one);
  expect(engines.restored.map(({ fidelity }) => fidelity)).toEqual([0.7, 1]);
  expect(notes).toEqual([{ outcome: 'restored', fidelity: 1, objection: 'eyes-closed' }]);
  expect(engines.placed.get(0)).toBe(AT_1);
  expect(run.faces[0]!.restoration!.laid!.square.pixels.data[0]).toBe(AT_1);
});

test('one that always closes them is refused, and what lay there lies there again', async () => {
  const { engines, notes, run } = await drive({ ...withRestorer, stayClosed: [1.7, 2] }, one);
  expect(engines.restored.map(({ fidelity }) => fidelity)).toEqual([0.7, 1]);
  expect(notes).toEqual([{ outcome: 'refused', objection: 'eyes-closed' }]);
  expect(engines.placed.get(0)).toBe(UNRESTORED);
  expect(run.faces[0]).toMatchObject({
    status: 'opened',
    placement: { face: 0 },
    restoration: { laid: null },
  });
  const whole = { choices: only(wide), settings: { mode: 'all' } as const };
  const nothingLay = await drive({ ...withRestorer, stayClosed: [1.7, 2] }, whole);
  expect(nothingLay.notes).toEqual([{ outcome: 'refused', objection: 'eyes-closed' }]);
  expect(nothingLay.engines.placed.size).toBe(0);
  expect(nothingLay.run.faces[0]).toMatchObject({ status: 'finished', placement: null });
});

test('asked for the face as it is from the start, it is asked once', async () => {
  const { engines, notes } = await drive(
    { ...withRestorer, stayClosed: [2] },
    { ...one, settings: { fidelity: 1 } },
  );
  expect(engines.restored.map(({ fidelity }) => fidelity)).toEqual([1]);
  expect(notes).toEqual([{ outcome: 'refused', objection: 'eyes-closed' }]);
});

test('a network that takes no fidelity is not asked twice', async () => {
  const { engines, notes } = await drive(
    { ...withRestorer, stayClosed: [1.7], restored: () => ({ fixed: true }) },
    one,
  );
  expect(engines.restored).toHaveLength(1);
  expect(notes).toEqual([{ outcome: 'refused', objection: 'eyes-closed' }]);
  expect(engines.placed.get(0)).toBe(UNRESTORED);
});

test('the first objection is the one that is told', async () => {
  const another = (at: number) => (request: { readonly fidelity: number }) => ({
    movedCodes: request.fidelity === at ? 77 : 2,
  });
  const gentle = await drive({ ...withRestorer, restored: another(0.7) }, one);
  expect(gentle.notes).toEqual([{ outcome: 'restored', fidelity: 1, objection: 'another-face' }]);
  const both = await drive({ ...withRestorer, restored: another(1), stayClosed: [1.7] }, one);
  expect(both.notes).toEqual([{ outcome: 'refused', objection: 'eyes-closed' }]);
});

test.each(['gpu-wrong', 'gpu-missing', 'gpu-too-small', 'engine-lost'] as const)(
  'a GPU that fails (%s) leaves the processor, for this face and the next',
  async (code) => {
    const failAt = (method: string, nth: number) =>
      method === 'restore' && nth === 0 ? new AppError(code, 'the GPU failed') : null;
    const { engines, notes } = await drive({ ...onGpu, failAt }, { choices: opening(winks.slice(0, 2)) });
    expect(engines.restored.map(({ device }) => device)).toEqual(['gpu', 'cpu', 'cpu']);
    expect(notes).toEqual([restoredAt(0.7), restoredAt(0.7)]);
  },
);

test('a processor that imitates a GPU is asked directly', async () => {
  const software = { ...withRestorer, gpu: { facts: makeFacts({ ramHintGib: 8, software: true }) } };
  const { engines } = await drive(software, one);
  expect(engines.restored.map(({ device }) => device)).toEqual(['cpu']);
});

test('a face that fails stays as it was, and the next is restored', async () => {
  const broken = new AppError('RES_001', 'codeformer failed', { reason: 'not finite' });
  const failAt = (method: string, nth: number) => (method === 'restore' && nth === 0 ? broken : null);
  const { run, engines, notes } = await drive({ ...onGpu, failAt });
  expect(notes).toEqual([
    { outcome: 'failed', code: 'RES_001', details: { reason: 'not finite' } },
    restoredAt(0.7),
    restoredAt(0.7),
  ]);
  expect([...engines.placed.values()]).toEqual([UNRESTORED, AT_07, AT_07]);
  expect(run.faces.map(({ status }) => status)).toEqual(['opened', 'opened', 'opened']);
  // The card has nothing to do with it.
  expect(engines.restored.map(({ device }) => device)).toEqual(['gpu', 'gpu', 'gpu']);
});

test('a look that fails after the restored face was laid down takes it off', async () => {
  // Each face is looked at when its eyes are placed, before and after it is restored.
  const failAt = (method: string, nth: number) =>
    method === 'landmarks' && nth === 2 ? new AppError('FACE_DET_001', 'no numbers') : null;
  const { engines, notes } = await drive({ ...withRestorer, failAt }, one);
  expect(notes).toEqual([{ outcome: 'failed', code: 'FACE_DET_001', details: {} }]);
  expect(engines.calls.filter((call) => call === 'place')).toHaveLength(3);
  expect(engines.placed.get(0)).toBe(UNRESTORED);
});

test.each([
  ['while the network runs', 'restore', 1],
  ['before what it made is laid down', 'fitRestored', 1],
  // 3 of opening, then 2 for each face.
  ['when it is looked at', 'landmarks', 6],
])(
  'a cancel %s keeps the faces that are done, and the unrestored eyes of the others',
  async (_, at, which) => {
    const controller = new AbortController();
    const onCall = (method: string, nth: number) => {
      if (method === at && nth === which) controller.abort();
    };
    const { run, engines, notes } = await drive({ ...withRestorer, onCall }, {}, controller);
    expect(run).toMatchObject({ status: 'cancelled', restoring: null });
    expect(notes).toEqual([restoredAt(0.7), null, null]);
    expect(Object.fromEntries(engines.placed)).toEqual({ 0: AT_07, 1: UNRESTORED, 2: UNRESTORED });
    expect(run.faces.map(({ status }) => status)).toEqual(['opened', 'opened', 'opened']);
  },
);

test.each([
  ['too small', { sidePx: 20 }, { outcome: 'left-alone', because: 'too-small' }],
  ['too large', { sidePx: 4000 }, { outcome: 'left-alone', because: 'too-large' }],
])('a face that is %s is left alone', async (_, size, note) => {
  const face = makeFace({ index: 0, x: 30, y: 50, left: 'closed', right: 'open', ...size });
  const { engines, notes } = await drive(withRestorer, { choices: opening([face]) });
  expect(notes).toEqual([note]);
  expect(engines.restored).toEqual([]);
  expect(engines.placed.get(0)).toBe(UNRESTORED);
});

test.each([
  ['coincide', 100],
  ['are no numbers', Number.NaN],
])('a face whose points %s fails for itself', async (_, x) => {
  const points = Array.from({ length: 5 }, () => point<'photo'>(x, 90)) as unknown as Face['points'];
  const choices = [...only({ ...wide, points }), ...opening(winks.slice(0, 1))];
  const { run, engines, notes } = await drive(withRestorer, { choices, settings: { mode: 'all' } });
  expect(notes).toEqual([{ outcome: 'failed', code: 'CROP_001', details: { face: 3 } }, restoredAt(0.7)]);
  expect(run.faces[0]).toMatchObject({ status: 'finished', placement: null });
  expect([...engines.placed.keys()]).toEqual([0]);
});

test('how far it is: faces done of all, time left once one is done, and nothing when it has ended', async () => {
  const { seen, run } = await drive({ ...withRestorer, stayClosed: [1.7] });
  const news = seen.flatMap(({ restoring }, i) =>
    restoring && restoring !== seen[i - 1]?.restoring ? restoring : [],
  );
  const steps = news.map(({ phase, done, of }) => `${phase} ${done}/${of}`);
  expect(steps.slice(0, 5)).toEqual([
    'opening 0/3',
    'opening 0/3',
    'restoring 0/3',
    'opening 0/3',
    'restoring 0/3',
  ]);
  expect(new Set(steps)).toEqual(
    new Set([0, 1, 2].flatMap((done) => [`opening ${done}/3`, `restoring ${done}/3`])),
  );
  const dones = news.map(({ done }) => done);
  expect(dones).toEqual(dones.toSorted());
  for (const { done, secondsLeft } of news) {
    if (done) expect(secondsLeft).toBeGreaterThan(0);
    else expect(secondsLeft).toBeNull();
  }
  expect(run.restoring).toBeNull();
  expect(seen.at(-1)!.restoring).toBeNull();
  const progress = seen.map((state) => state.progress);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
});

test('restored once more in vain, a face keeps what was made of it before', async () => {
  const { run } = await drive(withRestorer, {
    choices: [...opening(winks.slice(0, 1)), ...only(wide)],
    settings: { mode: 'all' },
  });
  for (const { face, restoration: earlier } of run.faces) {
    const note = { outcome: 'failed', code: 'engine-lost', details: {} } as const;
    const restoration = { note, laid: null };
    const again = fold(run, { type: 'restored', face: face.index, restoration, placement: null });
    const now = again.faces.find((f) => f.face === face)!;
    expect(now.restoration).toEqual({ note, laid: earlier!.laid });
    expect(now.placement).not.toBeNull();
    const [picked] = now.candidates;
    if (picked) expect(laidOf(now.frame!, picked)).toBe(earlier!.laid);
  }
});

test('another candidate brings its own restoration or none, and the first one has its own again', async () => {
  const { run } = await drive(withRestorer, one);
  const face = run.faces[0]!;
  const [first, second] = face.candidates;
  const { placement, frame } = face;
  const place = (from: Run, pickedId: string) =>
    fold(from, { type: 'placed', face: 0, pickedId, placement: placement! });
  const other = place(run, second!.candidate.id);
  expect(other.faces[0]).toMatchObject({ pickedId: second!.candidate.id, restoration: null });
  expect(laidOf(frame!, other.faces[0]!.candidates[1]!)).toEqual({ frame, square: second!.blended });
  const back = place(other, first!.candidate.id);
  expect(back.faces[0]!.restoration!.note).toEqual(restoredAt(0.7));
  expect(laidOf(frame!, back.faces[0]!.candidates[0]!).square.pixels.data[0]).toBe(AT_07);
  const off = fold(back, { type: 'taken-off', face: 0 });
  expect(off.faces[0]).toMatchObject({ pickedId: null, placement: null, restoration: null });
  // It is still known for when it is placed again.
  expect(place(off, first!.candidate.id).faces[0]!.restoration!.note).toEqual(restoredAt(0.7));
});
