/**
 * The restorers that spoil eyes (tools/models/codeformer/closing.py), laid on real faces with open eyes: the app's own
 * detector must see what they do, or no test of a guard says anything. Skipped without ../shared.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Rgb } from '../../src/core/colour';
import { DEFAULT_CONFIG } from '../../src/core/config';
import { type Face, SIDES } from '../../src/core/face';
import { type Raster, raster } from '../../src/core/raster';
import { alignFace } from '../../src/pipeline/alignFace';
import { findFaces } from '../../src/pipeline/detect';
import { traceAll } from '../../src/pipeline/trace';
import { judged } from '../../src/pipeline/votes';
import { irisColour } from '../../src/pixels/irisColour';
import { type Network, openNetwork } from '../../workers/ort/network';
import { asFloats, type Tensors } from '../../workers/ort/tensor';
import { pasteFrame } from '../../workers/restoration/pasteFrame';
import { fromTensor, toTensor } from '../../workers/restoration/square';
import { cutSquare, pastedOn } from '../unit/restorationCases';
import { photosFolder, photosPresent } from './donorRoad';
import { openPhoto, photoOf } from './nodePhotos';
import { nodeVision } from './nodeVision';

const OPEN = [
  'burst_franck_03909.jpg',
  'group_08_obama_family.jpg',
  'group_09_family_6faces.jpg',
  'group_16_black_family_3faces.jpg',
  'open_01_astronaut.png',
  'open_03_obama_podium.jpg',
  'open_11_glasses_beard.jpg',
  'open_12_smiling_woman.jpg',
  'open_18_commons_smile_narrow_eyes.jpg',
  'open_19_two_children.jpg',
  'open_23_dark_bg_surprised.jpg',
];
/** By how much the guard lets a hue turn. */
const HUE_LIMIT_DEG = 8;

interface Subject {
  readonly name: string;
  readonly picture: Raster<'photo'>;
  readonly face: Face;
}

const vision = nodeVision();
const { detection } = DEFAULT_CONFIG;
const { signal } = new AbortController();
const subjects: Subject[] = [];

beforeAll(async () => {
  for (const name of photosPresent ? OPEN : []) {
    const { info, engine, picture } = openPhoto(resolve(photosFolder, name), name);
    const faces = await findFaces(info, { photo: engine, vision }, detection, signal);
    subjects.push(...faces.map((face) => ({ name, picture, face })));
  }
}, 120_000);

const open = (twin: string) =>
  openNetwork(readFileSync(resolve(import.meta.dirname, `../twins/codeformer/${twin}.onnx`)));

const weight = (fidelity: number): Tensors => ({ weight: { data: Float64Array.of(fidelity), dims: [1] } });

async function restored({ picture, face }: Subject, network: Network, others: Tensors = {}) {
  const { toSquare } = alignFace(face.points, 'lmeds');
  const square = cutSquare(picture, toSquare);
  const { output } = asFloats(await network.run({ input: toTensor(square), ...others }));
  return { toSquare, square, output: fromTensor(output!) };
}

/** The photo with the restored face on it, and what the detector sees of that face. */
async function seenAfter(subject: Subject, network: Network, others?: Tensors) {
  const { picture, face, name } = subject;
  const { toSquare, output } = await restored(subject, network, others);
  const frame = pasteFrame(toSquare, picture, 1);
  // Not enlarged: the photo's own pixels.
  const whole = raster<'enlarged'>(picture.width, picture.height, picture.data.slice());
  const { width, height, data } = pastedOn(whole, frame, output, null);
  const after = photoOf(raster<'photo'>(width, height, data), name);
  const [traced] = await traceAll(after.info, [face], { photo: after.engine, vision }, signal);
  return { picture: after.picture, ...judged(traced!.mesh, undefined, detection) };
}

const openSides = ({ verdicts }: Face) => SIDES.filter((side) => verdicts[side].state === 'open');

function expectSame(a: Raster<'crop'>, b: Raster<'crop'>): void {
  expect(Buffer.from(a.data.buffer).equals(Buffer.from(b.data.buffer))).toBe(true);
}

test.skipIf(!photosPresent)(
  'below full fidelity the closing restorer closes eyes for the detector, at full fidelity it changes nothing',
  async () => {
    const network = await open('closing');
    const always = await open('closing_always');
    let wereOpen = 0;
    const notClosed: string[] = [];
    for (const subject of subjects) {
      const closed = await restored(subject, network, weight(0.7));
      expectSame((await restored(subject, always)).output, closed.output);
      const faithful = await restored(subject, network, weight(1));
      expectSame(faithful.output, faithful.square);
      const after = await seenAfter(subject, network, weight(0.7));
      const unchanged = await seenAfter(subject, network, weight(1));
      for (const side of openSides(subject.face)) {
        wereOpen += 1;
        // One eye at the limit becomes unsure when its small face is enlarged and laid back.
        expect(unchanged.verdicts[side].state).not.toBe('closed');
        const { state } = after.verdicts[side];
        if (state !== 'closed')
          notClosed.push(`${subject.name} face ${subject.face.index} ${side}: ${state}`);
      }
    }
    process.stdout.write(`${wereOpen - notClosed.length} of ${wereOpen} eyes are closed\n`);
    expect(wereOpen).toBeGreaterThan(40);
    expect(notClosed).toEqual([]);
  },
  120_000,
);

test.skipIf(!photosPresent)(
  'the drifting restorer turns the hue of irises and leaves open eyes open',
  async () => {
    const network = await open('drifting');
    const turns: number[] = [];
    for (const subject of subjects) {
      const after = await seenAfter(subject, network);
      for (const side of openSides(subject.face)) {
        expect(after.verdicts[side].state, `${subject.name} ${subject.face.index} ${side}`).toBe('open');
        const was = irisColour(subject.picture, subject.face.eyes[side]);
        const is = irisColour(after.picture, after.eyes[side]);
        if (was && is) turns.push(apart(hueDeg(was), hueDeg(is)));
      }
    }
    const turned = turns.filter((turn) => turn > HUE_LIMIT_DEG).length;
    process.stdout.write(`the hues of ${turned} of ${turns.length} irises turn\n`);
    expect(turns.length).toBeGreaterThan(10);
    // Eyes that are blue stay so.
    expect(turned / turns.length).toBeGreaterThan(0.9);
  },
  120_000,
);

function hueDeg({ red, green, blue }: Rgb): number {
  return (Math.atan2(Math.sqrt(3) * (green - blue), 2 * red - green - blue) * 180) / Math.PI;
}

function apart(a: number, b: number): number {
  const turn = Math.abs(a - b) % 360;
  return Math.min(turn, 360 - turn);
}
