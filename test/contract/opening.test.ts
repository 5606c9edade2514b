/** The road with the built-in network: when it opens a face, what it is asked, and what becomes of failures. Engines are fakes. */
import { expect, test } from 'vitest';
import { type Config, DEFAULT_CONFIG } from '../../src/core/config';
import { AppError } from '../../src/core/errors';
import { type Affine, apply, invert, type Point, point } from '../../src/core/geometry';
import { PERSON_SIDE_PX, STRIP, toStrip } from '../../src/core/opening';
import type { CropFrame } from '../../src/core/photo';
import type { Run } from '../../src/core/run';
import type { OpenWish, RunRequest } from '../../src/pipeline/request';
import { openTheEyes } from '../../src/pipeline/route';
import { type FakeOptions, fakeEngines } from '../fakes/engines';
import { makeFace, makePhoto } from '../fakes/faces';
import { makeFacts } from '../fakes/gpu';
import { makeFile, makePack, makeReady } from '../fakes/packList';

const blink = makeFace({
  index: 0,
  x: 40,
  y: 60,
  sidePx: 220,
  rollRad: 0.2,
  left: 'closed',
  right: 'closed',
});
const wink = makeFace({ index: 1, x: 330, y: 67, sidePx: 230, left: 'closed', right: 'open' });

const withPainter: FakeOptions = {
  packs: { statuses: [makeReady(makePack('sdxl-inpaint', { files: [makeFile('unet.onnx', 2_000_000)] }))] },
  gpu: { facts: makeFacts({ ramHintGib: 8 }) },
};

/** What the fake painter makes of a face. */
const PAINTED = [0.95, 0.94, 0.93, 0.92];

interface Asked {
  readonly faces?: readonly (typeof blink)[];
  readonly generation?: Partial<Config['generation']>;
  readonly openWishes?: ReadonlyMap<number, OpenWish>;
}

function request({ faces = [blink, wink], generation, openWishes }: Asked): RunRequest {
  return {
    self: { photo: makePhoto('group'), faces: [blink, wink] },
    choices: faces.map((face) => ({ face, sides: face === blink ? ['left', 'right'] : ['left'] })),
    donors: [],
    matches: [],
    config: { ...DEFAULT_CONFIG, generation: { ...DEFAULT_CONFIG.generation, ...generation } },
    ...(openWishes && { openWishes }),
  };
}

async function drive(options: FakeOptions = {}, asked: Asked = {}, controller = new AbortController()) {
  const engines = fakeEngines(options);
  const seen: Run[] = [];
  const run = await openTheEyes(request(asked), engines, controller.signal, (next) => seen.push(next));
  const origins = run.faces.map((f) => f.candidates.map((c) => c.candidate.origin.kind));
  const reasons = run.faces.map((f) => f.refusals.map(({ reason }) => reason));
  return { run, engines, seen, origins, reasons };
}

test('a face that nobody can lend eyes to gets built-in ones, the other keeps to its donors', async () => {
  const { run, engines, origins, reasons } = await drive();
  expect(origins).toEqual([
    ['built-in', 'built-in'],
    ['other-eye', 'other-eye'],
  ]);
  expect(run.faces.map((f) => f.status)).toEqual(['opened', 'opened']);
  expect([...engines.placed]).toEqual([
    [0, 60],
    [1, 80],
  ]);
  expect(reasons[0]).toEqual(['no-open-eye-anywhere']);
  const [asked, ...more] = engines.opened;
  expect(more).toEqual([]);
  expect(asked).toMatchObject({ sides: ['left', 'right'], openness: 1, iris: null, photoName: 'group.jpg' });
  expect(asked!.seeds).toEqual([42, 43, 44, 45]);
});

test.each<[string, FakeOptions, readonly string[]]>([
  ['are refused', { ranks: [] }, ['eye-covered']],
  ['stay closed', { stayClosed: [0.4, 0.8] }, ['stays-closed', 'stays-closed']],
])('a face whose borrowed eyes %s gets built-in ones', async (_, options, refused) => {
  const { engines, origins, reasons } = await drive(options, { faces: [wink] });
  expect(origins).toEqual([['built-in', 'built-in']]);
  expect(reasons).toEqual([refused]);
  expect([...engines.placed]).toEqual([[1, 60]]);
  // Its open eye tells the colour.
  expect(engines.opened.map(({ iris }) => iris)).toEqual([{ red: 94, green: 61, blue: 42 }]);
});

test('a painter that is here goes first', async () => {
  const { engines, origins } = await drive(withPainter, { faces: [blink] });
  expect(origins).toEqual([Array(4).fill('painted')]);
  expect(engines.opened).toEqual([]);
});

test.each<[string, FakeOptions]>([
  ['that leaves them closed', { stayClosed: PAINTED }],
  ['that makes nothing', { paintedRanks: [] }],
  [
    'that fails',
    { failAt: (method) => (method === 'paint' ? new AppError('model-corrupt', 'not it') : null) },
  ],
])('a painter %s, unasked, is followed by the built-in network', async (_, options) => {
  const { run, engines, origins } = await drive({ ...withPainter, ...options }, { faces: [blink] });
  expect(engines.painted).toHaveLength(1);
  expect(origins).toEqual([['built-in', 'built-in']]);
  expect(run.faces[0]).toMatchObject({ status: 'opened', error: null });
  // Nothing is said of the words of pictures that are not there.
  expect(run.faces[0]!.painted).toMatchObject({ irisLeftOut: false, cut: '' });
  expect([...engines.placed]).toEqual([[0, 60]]);
});

test('a painter that is asked for by name is not followed', async () => {
  const generation = { generator: 'sdxl' } as const;
  const { run, engines } = await drive(
    { ...withPainter, stayClosed: PAINTED },
    { faces: [blink], generation },
  );
  expect(run.faces.map((f) => f.status)).toEqual(['no-candidate']);
  expect(engines.opened).toEqual([]);
});

test('who wishes it gets built-in eyes before borrowed ones, as wished', async () => {
  const iris = { red: 61, green: 98, blue: 124 };
  const openWishes = new Map([[1, { openness: 1.15, seed: 4_294_967_294, iris }]]);
  const { engines, origins } = await drive(withPainter, {
    faces: [wink],
    generation: { numVariations: 3 },
    openWishes,
  });
  expect(origins).toEqual([['built-in', 'built-in', 'other-eye', 'other-eye']]);
  expect([...engines.placed]).toEqual([[1, 60]]);
  expect(engines.painted).toEqual([]);
  expect(engines.calls).not.toContain('eyeColours');
  expect(engines.opened).toHaveLength(1);
  expect(engines.opened[0]).toMatchObject({ openness: 1.15, iris, sides: ['left'] });
  expect(engines.opened[0]!.seeds).toEqual([4_294_967_294, 4_294_967_295, 0]);
});

test('an iris of a few pixels tells no colour, however large its square is cut', async () => {
  const shape = { index: 1, x: 330, y: 67, left: 'closed', right: 'open' } as const;
  for (const [sidePx, isAsked] of [
    [100, false],
    [230, true],
  ] as const) {
    const { engines } = await drive(
      {},
      { faces: [makeFace({ ...shape, sidePx })], openWishes: new Map([[1, {}]]) },
    );
    expect(engines.calls.includes('eyeColours')).toBe(isAsked);
  }
});

test('a wish that says nothing follows the settings; without variations one pair is made', async () => {
  const { engines } = await drive(
    {},
    { openWishes: new Map([[1, {}]]), generation: { openness: 0.85, seed: 7, numVariations: 0 } },
  );
  expect(engines.opened.map(({ openness, seeds }) => [openness, seeds])).toEqual([
    [0.85, [7]],
    [0.85, [7]],
  ]);
});

test('the settings name it for every face, or donors alone', async () => {
  const all = await drive(withPainter, { generation: { generator: 'built-in' } });
  expect(all.origins).toEqual([
    ['built-in', 'built-in'],
    ['built-in', 'built-in', 'other-eye', 'other-eye'],
  ]);
  expect(all.engines.painted).toEqual([]);
  const none = await drive({ stayClosed: [0.4, 0.8] }, { generation: { generator: 'donor' } });
  expect(none.engines.opened).toEqual([]);
  expect(none.run.faces.map((f) => f.status)).toEqual(['no-candidate', 'no-candidate']);
});

test('built-in eyes that stay closed leave the face as it was', async () => {
  const { engines, run, reasons } = await drive({ stayClosed: [0.6, 0.5] }, { faces: [blink] });
  expect(run.faces.map((f) => f.status)).toEqual(['no-candidate']);
  expect(reasons).toEqual([['no-open-eye-anywhere', 'stays-closed', 'stays-closed']]);
  expect(engines.placed.size).toBe(0);
});

test('its failure is that face’s alone', async () => {
  const lost = new AppError('engine-lost', 'gone', { engine: 'opener' });
  const { run, engines } = await drive(
    { failAt: (method, nth) => (method === 'openFace' && nth === 0 ? lost : null) },
    { generation: { generator: 'built-in' } },
  );
  expect(run.status).toBe('done');
  expect(run.faces.map((f) => f.status)).toEqual(['failed', 'opened']);
  expect(run.faces[0]!.error).toMatchObject({ code: 'engine-lost', details: { engine: 'opener' } });
  expect([...engines.placed]).toEqual([[1, 60]]);
});

test('a cancel while it works leaves the face as it was', async () => {
  const controller = new AbortController();
  const onCall = (method: string, nth: number) => {
    if (method === 'openFace' && nth === 1) controller.abort();
  };
  const asked: Asked = { generation: { generator: 'built-in' } };
  const { run, engines } = await drive({ onCall }, asked, controller);
  expect(run.status).toBe('cancelled');
  expect(run.faces.map((f) => f.status)).toEqual(['opened', 'cancelled']);
  expect([...engines.placed.keys()]).toEqual([0]);
});

test('eyes as the mean face has them lie in the strip to the hundredth of a pixel', () => {
  const wanted: Affine<'photo', 'strip'> = { a: 0.61, b: 0.23, c: -0.23, d: 0.61, tx: -17.3, ty: 41.9 };
  const toPhoto = invert(wanted);
  const eye = (left: number, right: number) => ({
    corners: [left, right].map((x) => apply(toPhoto, point<'strip'>(x, 44))) as [
      Point<'photo'>,
      Point<'photo'>,
    ],
  });
  const found = toStrip({ right: eye(26.957, 69.043), left: eye(122.957, 165.043) });
  for (const [name, value] of Object.entries(wanted))
    expect(found[name as keyof typeof wanted]).toBeCloseTo(value, 3);
});

test('the strip is upright with all corners on its eye line, and every map leads to the same eyes', async () => {
  const engines = fakeEngines();
  const cuts: (readonly CropFrame[])[] = [];
  const cut: typeof engines.photo.cut = (photo, frames, signal) => {
    cuts.push(frames);
    return engines.photo.cut(photo, frames, signal);
  };
  const watched = { ...engines, photo: { ...engines.photo, cut } };
  const run = await openTheEyes(request({ faces: [blink] }), watched, new AbortController().signal, () => {});
  const [asked] = engines.opened;
  const { strip, toCrop, person, masks, area } = asked!;
  const { frame } = run.faces[0]!;
  const expected = { right: [26.96, 69.04], left: [122.96, 165.04] };
  const frames = cuts.at(-1)!;
  expect(frames.map(({ sidePx }) => sidePx)).toEqual([frame!.sidePx, STRIP.widthPx, PERSON_SIDE_PX]);
  for (const side of ['right', 'left'] as const) {
    const { corners } = strip.eyes[side];
    for (const [i, corner] of corners.entries()) {
      const inPhoto = blink.eyes[side].corners[i]!;
      // The drawn eyes are as far apart as the mean face's to half a pixel.
      expect(Math.abs(corner.x - expected[side][i]!)).toBeLessThan(0.6);
      expect(Math.abs(corner.y - STRIP.eyeLinePx)).toBeLessThan(0.3);
      expectNear(apply(frames[1]!.toCrop, inPhoto), corner);
      expectNear(apply(toCrop, corner), apply(frame!.toCrop, inPhoto));
      expectNear(apply(person.fromStrip, corner), apply(frames[2]!.toCrop, inPhoto));
    }
    expectNear(apply(toCrop, strip.masks[side].centre), masks[side].centre);
    const { centre, halfWidthPx } = masks[side];
    expect(centre.x - halfWidthPx).toBeGreaterThan(area.x);
    expect(centre.x + halfWidthPx).toBeLessThan(area.x + area.width);
  }
  expect(frames[0]!.part).toEqual(area);
  expect(frames[1]!.part).toEqual({ x: 0, y: 0, width: STRIP.widthPx, height: STRIP.heightPx });
});

function expectNear(found: Pick<Point<'photo'>, 'x' | 'y'>, wanted: Pick<Point<'photo'>, 'x' | 'y'>) {
  expect(found.x).toBeCloseTo(wanted.x, 6);
  expect(found.y).toBeCloseTo(wanted.y, 6);
}
