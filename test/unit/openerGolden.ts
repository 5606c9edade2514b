/** The cases of tools/golden/opener.py: its waves and meshes again, and the twin of the network that the app ships. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DEFAULT_CONFIG } from '../../src/core/config';
import type { Face, FaceMesh, Side } from '../../src/core/face';
import { point } from '../../src/core/geometry';
import type { OpenRequest } from '../../src/core/opening';
import type { GraphSpec } from '../../src/core/pack';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import type { Engines, OpenerEngine } from '../../src/engines/contracts';
import { frameOf } from '../../src/pipeline/crop';
import { eyesOf, fivePoints } from '../../src/pipeline/landmarks';
import { openFace } from '../../src/pipeline/opener';
import { poseOf } from '../../src/pipeline/pose';
import type { RunRequest } from '../../src/pipeline/request';
import { faceFeeds, seedFeeds } from '../../workers/opener/feeds';
import { type Lid, usualWish } from '../../workers/opener/wish';
import { type Network, openNetwork } from '../../workers/ort/network';
import type { FloatTensor, Tensors } from '../../workers/ort/tensor';
import { photoOf } from '../conformance/nodePhotos';
import { makeFace } from '../fakes/faces';
import golden from '../golden/opener.json' with { type: 'json' };
import { noiseBytes } from './noise';

export type Case = (typeof golden.cases)[number];
type Sampled = Case['picture'];

export const cases: readonly Case[] = golden.cases;

const root = resolve(import.meta.dirname, '../..');
const never = new AbortController().signal;

/** The twin, by what the catalog says of the shipped network: both are of one class and one export. */
export function openTwin(): Promise<Network> {
  const { packs } = JSON.parse(readFileSync(resolve(root, 'public/models/catalog.json'), 'utf8'));
  const spec: GraphSpec = packs.find(({ id }: { id: string }) => id === 'eyes').tensors[0];
  return openNetwork(readFileSync(resolve(root, 'test/twins/opener/open_eyes.onnx')), { spec });
}

/** `photo_of` of the script. */
function wavesOf({ size, cm }: Case): Raster<'photo'> {
  const [width, height] = size as [number, number];
  const picture = raster<'photo'>(width, height);
  for (let j = 0, i = 0; j < height; j += 1)
    for (let k = 0; k < width; k += 1, i += CHANNELS) {
      const [x, y] = [k / cm, j / cm];
      for (let c = 0; c < 3; c += 1) {
        const wave = 55 * Math.sin(1.1 * x + 0.7 * c) * Math.cos(0.9 * y - 0.4 * c);
        picture.data[i + c] = Math.floor(90 + 20 * c + wave + 18 * Math.sin(2.3 * x - 1.7 * y) + 0.5);
      }
      picture.data[i + 3] = 255;
    }
  return picture;
}

export function faceOf({ points }: Case): Face {
  const mesh: FaceMesh<'photo'> = {
    layout: 'mediapipe-478',
    presence: 0.98,
    points: points.map(([x, y]) => point<'photo'>(x!, y!)),
  };
  return {
    ...makeFace({ index: 0, x: 10, y: 20, sidePx: 200, left: 'closed', right: 'closed' }),
    points: fivePoints(mesh),
    mesh,
    pose: poseOf(mesh),
    eyes: eyesOf(mesh),
  };
}

/** What the network is fed for a case, by the app's own road from the photo: the usual eyes, as the script wishes them. */
export async function feedsOf(one: Case): Promise<Tensors<FloatTensor>> {
  const asked: OpenRequest[] = [];
  const opener: OpenerEngine = {
    async open(request) {
      asked.push(request);
      return [];
    },
  };
  const { info, engine } = photoOf(wavesOf(one), one.name);
  const face = faceOf(one);
  const choice = { face, sides: one.sides as readonly Side[] };
  const [red, green, blue] = one.colour ?? [];
  const iris = one.colour ? { red: red!, green: green!, blue: blue! } : undefined;
  const request: RunRequest = {
    self: { photo: info, faces: [face] },
    choices: [choice],
    donors: [],
    matches: [],
    config: DEFAULT_CONFIG,
    openWishes: new Map([[face.index, { openness: one.openness, ...(iris && { iris }) }]]),
  };
  const engines = { photo: engine, opener } as unknown as Engines;
  await openFace(choice, frameOf(face, DEFAULT_CONFIG.crop), request, engines, never);
  const [opening] = asked;
  const wish = usualWish(opening!.openness, opening!.pose.yawRad, one.lid as Lid);
  return seedFeeds(faceFeeds(opening!), opening!, wish, one.seed);
}

/** What was fed, but with the random numbers of the script. */
export function withScriptsRandom(feeds: Tensors<FloatTensor>, { seed }: Case): Tensors<FloatTensor> {
  const { noise, style } = feeds;
  const numbers = (count: number, from: number) =>
    Float32Array.from(noiseBytes(count, from), (byte) => (byte - 127.5) / 64);
  const turns = style!.data.subarray(0, 2);
  return {
    ...feeds,
    noise: { ...noise!, data: numbers(noise!.data.length, seed) },
    style: { ...style!, data: Float32Array.of(...turns, ...numbers(style!.data.length - 2, seed + 100)) },
  };
}

/** From the script's values to the app's, in codes of 255: the largest, the mean, and that of the means of all values. */
export function apart(
  { data }: FloatTensor,
  { sum, values }: Sampled,
): { readonly largest: number; readonly mean: number; readonly means: number } {
  const bytes = Buffer.from(values, 'hex');
  const differences = Array.from(
    { length: bytes.length / 2 },
    (_, i) => 255 * Math.abs(data[i * golden.every]! - bytes.readUInt16BE(2 * i) / 65535),
  );
  const total = data.reduce((all, value) => all + value, 0);
  return {
    largest: Math.max(...differences),
    mean: differences.reduce((all, value) => all + value, 0) / differences.length,
    means: (255 * Math.abs(total - sum)) / data.length,
  };
}
