/** The guard over real faces: what a good restorer does passes, harm does not; skipped without the photos beside the repository. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { lightsOf, oklabOf } from '../../src/core/colour';
import { DEFAULT_CONFIG } from '../../src/core/config';
import { movedEye, SIDES } from '../../src/core/face';
import type { Raster } from '../../src/core/raster';
import type { RestoreObjection } from '../../src/core/restoration';
import { findFaces } from '../../src/pipeline/detect';
import type { RunRequest } from '../../src/pipeline/request';
import { lookOf, restorationFrame } from '../../src/pipeline/restoreFace';
import { objectionTo, shapeGap } from '../../src/pipeline/restoreGuard';
import { movedCodes } from '../../workers/restoration/moved';
import { blurred } from '../fakes/blurredSquare';
import { openPicture } from '../fakes/photoWorker';
import { contrasted, covered, halved, noised, recoloured, sharpened, turned, widened } from './faceChanges';
import { decode } from './nodePhotos';
import { nodeVision } from './nodeVision';

const shared = resolve(import.meta.dirname, '../../../shared');
const present = existsSync(resolve(shared, 'photos/labels.json')) && existsSync(resolve(shared, 'faces'));
const senators = 'faces/us_congress_gpo_jforms';
const london = 'faces/london_canada_ccby';
const PEOPLE = [
  'photos/open_01_astronaut.png',
  'photos/open_18_commons_smile_narrow_eyes.jpg',
  'photos/open_23_dark_bg_surprised.jpg',
  'photos/burst_franck_03909.jpg',
  'photos/group_16_black_family_3faces.jpg',
  `${senators}/A000365.jpg`,
  `${senators}/B000575.jpg`,
  `${senators}/E000179.jpg`,
  `${senators}/L000553.jpg`,
  `${london}/neutral_front__026_03.jpg`,
  `${london}/neutral_front__061_03.jpg`,
  `${london}/smiling_front__012_08.jpg`,
];
/** From here an iris has a hue. */
const COLOURED = 0.032;

const { signal } = new AbortController();
const vision = nodeVision();

type Change = (square: Raster<'crop'>, subject: Subject, other: Subject) => Raster<'crop'>;

const GOOD: Readonly<Record<string, Change>> = {
  'blurred by 1 px': (square) => blurred(square, 1),
  sharpened: (square) => sharpened(square, 2, 0.6),
  'more contrast': (square) => contrasted(square, 1.05),
  'grain of 4 codes': (square) => noised(square, 4, 77),
  'half the detail': halved,
};
const HARM: Readonly<Record<string, readonly [Change, readonly RestoreObjection[]]>> = {
  'another person': [(_, __, other) => other.seen, ['another-face']],
  '8 % wider': [(square) => widened(square, 1.08), ['another-face']],
  // Where the landmarks imagine eyes in the skin, these have its colour.
  'skin over the eyes': [
    (square, { eyes }) => covered(square, eyes),
    ['eyes-closed', 'another-face', 'iris-colour'],
  ],
  'blue eyes': [(square, { eyes }) => recoloured(square, eyes, () => [-0.02, -0.07]), ['iris-colour']],
};

async function subject(path: string) {
  const { engine, info } = openPicture(decode(readFileSync(resolve(shared, path))), path);
  const [found] = await findFaces(info, { photo: engine, vision }, DEFAULT_CONFIG.detection, signal);
  const face = found!;
  const frame = restorationFrame(face);
  const self = { photo: info, faces: [face] };
  const request: RunRequest = { self, choices: [], donors: [], matches: [], config: DEFAULT_CONFIG };
  /** The face with the square laid on the photo as a restored one is. */
  const lookAt = async (square: Raster<'crop'>) => {
    const restored = { face: square, parsed: null, movedCodes: 0, fixed: false };
    const { blend } = DEFAULT_CONFIG;
    const laid = await engine.fitRestored(info.id, face.index, frame, restored, 'face', blend, signal);
    await engine.place(info.id, face.index, laid!.frame, laid!.square, signal);
    const look = await lookOf(face, request, { photo: engine, vision }, signal);
    await engine.undo(info.id, face.index, signal);
    return look;
  };
  const [seen] = await engine.cutPlaced(info.id, [frame], signal);
  const eyes = SIDES.map((side) => movedEye(face.eyes[side], frame.toCrop));
  return { path, seen: seen!, eyes, lookAt, look: await lookAt(seen!) };
}
type Subject = Awaited<ReturnType<typeof subject>>;

/** What the guard says to a square in place of what the subject looks like, or of another one, and the numbers it goes by. */
async function judged({ seen, look, lookAt }: Subject, now: Raster<'crop'>, before?: Raster<'crop'>) {
  const was = before ? await lookAt(before) : look;
  const is = await lookAt(now);
  const moved = movedCodes(before ?? seen, now);
  return { moved, gap: shapeGap(was.mesh, is.mesh), objection: objectionTo(was, is, moved) };
}
type Judged = Awaited<ReturnType<typeof judged>>;

test.skipIf(!present)(
  'the guard lets good restorers pass and objects to harm (skipped without ../shared)',
  async () => {
    const people: Subject[] = [];
    for (const path of PEOPLE) people.push(await subject(path));
    const ranges = new Map<string, { moved: number[]; gap: number[] }>();
    const wrong: string[] = [];
    const hold = (name: string, one: Subject, found: Judged, right: readonly unknown[]) => {
      const range = ranges.get(name) ?? { moved: [], gap: [] };
      range.moved.push(found.moved);
      range.gap.push(found.gap);
      ranges.set(name, range);
      if (!right.includes(found.objection)) wrong.push(`${one.path}, ${name}: ${found.objection}`);
    };
    let coloured = 0;
    for (const [i, one] of people.entries()) {
      const other = people[(i + 1) % people.length]!;
      for (const [name, change] of Object.entries(GOOD))
        hold(name, one, await judged(one, change(one.seen, one, other)), [null]);
      const soft = noised(blurred(one.seen, 2), 3, 5);
      hold('restored from a blur', one, await judged(one, one.seen, soft), [null]);
      for (const [name, [change, right]] of Object.entries(HARM))
        hold(name, one, await judged(one, change(one.seen, one, other)), right);
      const turn = await judged(one, recoloured(one.seen, one.eyes, turned(15)));
      const chromas = SIDES.map((side) => {
        const iris = one.look.irises[side];
        return iris ? Math.hypot(...oklabOf(lightsOf(iris)).slice(1)) : 0;
      });
      if (Math.max(...chromas) < COLOURED) continue;
      coloured += 1;
      hold('hues turned by 15°', one, turn, ['iris-colour']);
    }
    const lines = [...ranges].map(([name, { moved, gap }]) => {
      const span = (values: number[], digits: number) =>
        `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;
      return `${name}: moved ${span(moved, 1)} codes, shape ${span(gap, 4)}`;
    });
    process.stdout.write(`${lines.join('\n')}\n`);
    expect(people.length).toBe(12);
    expect(coloured).toBeGreaterThan(4);
    expect(wrong).toEqual([]);
  },
  300_000,
);
