import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import { AppError } from '../../src/core/errors';
import type { EyeState } from '../../src/core/face';
import { scaling } from '../../src/core/geometry';
import type { Run } from '../../src/core/run';
import type { PhotoEngine } from '../../src/engines/contracts';
import type { RunRequest } from '../../src/pipeline/request';
import { openTheEyes } from '../../src/pipeline/route';
import { type FakeOptions, fakeEngines } from '../fakes/engines';
import { makeFace, makePhoto, meshPoints } from '../fakes/faces';

/** Three winks side by side: the road is the same for all, the squares differ. */
const winks = [0, 1, 2].map((i) =>
  makeFace({ index: i, x: 40 + 250 * i, y: 60 + 7 * i, sidePx: 220 + 10 * i, left: 'closed', right: 'open' }),
);

function request(faces = winks): RunRequest {
  return {
    self: { photo: makePhoto('group'), faces: winks },
    choices: faces.map((face) => ({ face, sides: ['left'] })),
    donors: [],
    matches: [],
    config: DEFAULT_CONFIG,
  };
}

async function drive(options: FakeOptions = {}, asked = request(), controller = new AbortController()) {
  const engines = fakeEngines(options);
  const seen: Run[] = [];
  const run = await openTheEyes(asked, engines, controller.signal, (next) => seen.push(next));
  return { run, engines, seen };
}

test('every face is cropped, generated, blended and placed; the best rank wins', async () => {
  const { run, engines } = await drive();
  expect(run.status).toBe('done');
  expect(run.faces.map((f) => f.status)).toEqual(['opened', 'opened', 'opened']);
  expect(run.faces.map((f) => f.candidates.map((c) => c.candidate.rank))).toEqual([
    [0.8, 0.4],
    [0.8, 0.4],
    [0.8, 0.4],
  ]);
  expect([...engines.placed]).toEqual([
    [0, 80],
    [1, 80],
    [2, 80],
  ]);
  for (const face of run.faces) {
    expect(Object.keys(face.timingsMs)).toEqual(['crop', 'generate', 'blend', 'place']);
    expect(face.placement?.face).toBe(face.face.index);
  }
});

test('eyes that the 106 points found closed are looked at with them again, where the mesh is not sure of open ones', async () => {
  const closed = { ...winks[0]!, points106: [] };
  const drawn = (left: EyeState) => meshPoints(scaling<'crop', 'crop'>(256, 256), { left, right: 'open' });
  /** @param opening of the lids, 0 closed, 1 open */
  const look = async (opening: number) => {
    const open = drawn('open');
    const points = drawn('closed').map(({ x, y }, i) => ({ x, y: y + opening * (open[i]!.y - y) }));
    const meshes = [{ layout: 'mediapipe-478', points, presence: 0.99 } as const];
    // The fake's 106 points say that the eye is closed, whatever was placed.
    const { run, engines } = await drive({ meshes }, request([closed]));
    expect(engines.calls).toContain('points106');
    return run.faces[0]!.status;
  };
  expect(await look(1)).toBe('opened');
  expect(await look(0.16)).toBe('no-candidate');
  expect(await look(0)).toBe('no-candidate');
});

test('a photo that cannot be read any more lends nothing and costs nothing, and its name is told', async () => {
  const lender = (id: string) => ({
    photo: { ...makePhoto(id), name: `${id}.jpg` },
    faces: [makeFace({ index: 0, x: 40, y: 60, sidePx: 220, left: 'open', right: 'open' })],
  });
  const asked = {
    ...request([winks[0]!]),
    donors: [lender('gone'), lender('here')],
    matches: ['gone', 'here'].map((id) => ({ face: 0, donorPhoto: makePhoto(id).id, donorFace: 0 })),
  };
  const unreadable = new AppError('photo-unreadable', 'fake', { reason: 'gone' });
  const drop = (which: number) => (method: string, nth: number) =>
    method === 'cut' && nth === which ? unreadable : null;
  const { run, engines } = await drive({ failAt: drop(1) }, asked);
  expect(engines.calls.filter((call) => call === 'cut')).toHaveLength(3);
  expect(run.faces[0]!.status).toBe('opened');
  expect(run.faces[0]!.refusals).toContainEqual({ photoName: 'gone.jpg', reason: 'source-unreadable' });
  // The photo that is worked on is another matter.
  const own = await drive({ failAt: drop(0) }, asked);
  expect(own.run.faces[0]!.error?.code).toBe('photo-unreadable');
});

test("one face's failure never stops the others and keeps its code", async () => {
  const { run } = await drive({
    failAt: (method, nth) => (method === 'generate' && nth === 1 ? new Error('network broke') : null),
  });
  expect(run.faces.map((f) => f.status)).toEqual(['opened', 'failed', 'opened']);
  expect(run.faces[1]!.error?.code).toBe('GEN_001');
  expect(run.status).toBe('done');
});

test('an AppError keeps its own code', async () => {
  const { run } = await drive({
    failAt: (method, nth) => (method === 'blend' && nth === 0 ? new AppError('engine-lost', 'gone') : null),
  });
  expect(run.faces[0]!.error?.code).toBe('engine-lost');
});

test('a candidate that leaves an eye closed is passed over for the next', async () => {
  const { run, engines } = await drive({ ranks: [0.4, 0.8, 0.6], stayClosed: [0.8] });
  expect([...engines.placed.values()]).toEqual([60, 60, 60]);
  for (const face of run.faces) {
    expect(face.pickedId).toBe(face.candidates[0]!.candidate.id);
    expect(face.candidates.map((c) => c.candidate.rank)).toEqual([0.6, 0.4]);
    expect(face.refusals.map((r) => r.reason)).toEqual(['stays-closed']);
  }
});

test('when every candidate leaves the eye closed the face stays as it was', async () => {
  const { run, engines } = await drive({
    ranks: [0.4, 0.8],
    openedRanks: [0.6],
    stayClosed: [0.4, 0.8, 0.6],
  });
  expect(run.faces.map((f) => f.status)).toEqual(['no-candidate', 'no-candidate', 'no-candidate']);
  expect(engines.placed.size).toBe(0);
});

test('a square that could not be judged is taken off again', async () => {
  const { run, engines } = await drive({
    failAt: (method, nth) => (method === 'landmarks' && nth === 1 ? new Error('network broke') : null),
  });
  expect(run.faces.map((f) => f.status)).toEqual(['opened', 'failed', 'opened']);
  expect([...engines.placed.keys()]).toEqual([0, 2]);
});

test('no closed eyes is an ordinary answer', async () => {
  const { run, engines } = await drive({}, request([]));
  expect(run.status).toBe('nothing-to-do');
  expect(engines.calls).toEqual([]);
});

test('no usable source is an answer with its reason', async () => {
  const { run } = await drive({ ranks: [], openedRanks: [] });
  expect(run.faces.map((f) => f.status)).toEqual(['no-candidate', 'no-candidate', 'no-candidate']);
  expect(run.faces[0]!.refusals[0]!.reason).toBe('eye-covered');
});

/** The call in which the second face is: two blends a face, one of the others. */
test.each([
  ['cut', 1],
  ['cutPlaced', 1],
  ['landmarks', 1],
  ['generate', 1],
  ['blend', 2],
  ['place', 1],
])('a cancel in %s of the second face keeps the first', async (method, second) => {
  const controller = new AbortController();
  const onCall = (called: string, nth: number) => {
    if (called === method && nth === second) controller.abort();
  };
  const { run, engines } = await drive({ onCall }, request(), controller);
  expect([...engines.placed.keys()]).toEqual([0]);
  expect(run.status).toBe('cancelled');
  expect(run.faces.map((f) => f.status)).toEqual(['opened', 'cancelled', 'cancelled']);
});

test('a square laid down while the cancel was on its way is taken off again', async () => {
  const controller = new AbortController();
  const engines = fakeEngines();
  const place: PhotoEngine['place'] = async (...args) => {
    const placement = await engines.photo.place(...args);
    if (args[1] === 0) return placement;
    controller.abort();
    throw new DOMException('cancelled', 'AbortError');
  };
  const photo = { ...engines.photo, place };
  await openTheEyes(request(), { ...engines, photo }, controller.signal, () => {});
  expect([...engines.placed.keys()]).toEqual([0]);
});

test('progress never falls and ends at 1; every state seen is a new object', async () => {
  const { seen, run } = await drive();
  const steps = seen.map((s) => s.progress);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  expect(steps.at(-1)).toBe(1);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.at(-1)).toBe(run);
});
