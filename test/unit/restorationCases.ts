/** The cases of tools/golden/restoration_paste.py: its noise again, and what our road makes of it. */

import type { FivePoints } from '../../src/core/face';
import { type Affine, invert, point, type Space } from '../../src/core/geometry';
import { CHANNELS, type Plane, type Raster, raster } from '../../src/core/raster';
import { composite } from '../../src/pixels/composite';
import { opencvResize } from '../../src/pixels/opencvResize';
import { rasterAt } from '../../src/pixels/window';
import { referenceSquare } from '../../workers/photo/reference';
import { grayFace, isGray } from '../../workers/restoration/gray';
import { placedMask, placedSquare } from '../../workers/restoration/layer';
import { parsingMask } from '../../workers/restoration/parsingMask';
import { type PasteFrame, pasteFrame } from '../../workers/restoration/pasteFrame';
import golden from '../golden/restoration_paste.json' with { type: 'json' };
import { noise, noiseBytes } from './noise';

export type Case = (typeof golden.cases)[number];
export const cases: readonly Case[] = golden.cases;

const SIDE_PX = 512;
const CLASSES = 19;

export function pointsOf({ points }: Case): FivePoints<'photo'> {
  return points.map(([x, y]) => point<'photo'>(x!, y!)) as unknown as FivePoints<'photo'>;
}

/** The reference's own matrix, which counts pixel centres, with the corner origin. */
export function toSquareOf({ matrix }: Case): Affine<'photo', 'crop'> {
  const [[a, b, tx], [c, d, ty]] = matrix as [[number, number, number], [number, number, number]];
  return { a, b, c, d, tx: tx + 0.5 - (a + b) / 2, ty: ty + 0.5 - (c + d) / 2 };
}

/** `rgb_noise` of the script. */
export function photoOf({ seed, size, gray }: Case): Raster<'photo'> {
  const picture = noise<'photo'>(size[0]!, size[1]!, seed);
  if (!gray) return picture;
  const { data } = picture;
  const light = data.filter((_, i) => i % CHANNELS === 0);
  const values = data.map((byte, i) => (light[i >> 2]! >> 1) + 60 + (byte % 4));
  return raster<'photo'>(picture.width, picture.height, values);
}

export function classesOf({ seed }: Case): Uint8Array {
  const across = SIDE_PX / golden.block;
  const blocks = noiseBytes(across * across, seed + 100).map((byte) => byte % CLASSES);
  return Uint8Array.from({ length: SIDE_PX * SIDE_PX }, (_, i) => {
    const row = Math.floor(i / SIDE_PX / golden.block);
    return blocks[row * across + Math.floor((i % SIDE_PX) / golden.block)]!;
  });
}

/** The whole photo, enlarged, with its face pasted. */
export function pastedPhoto(one: Case, toSquare: Affine<'photo', 'crop'>): Raster<'enlarged'> {
  const photo = photoOf(one);
  const frame = pasteFrame(toSquare, photo, one.factor);
  const enlarged = opencvResize<'photo', 'enlarged'>(
    photo,
    photo.width * one.factor,
    photo.height * one.factor,
    'linear',
  );
  const restored = noise<'crop'>(SIDE_PX, SIDE_PX, one.seed + 200);
  const face = isGray(photo) ? grayFace(restored, cutSquare(photo, toSquare)) : restored;
  const parsing = one.parse ? parsingMask(classesOf(one)) : null;
  return pastedOn(enlarged, frame, face, parsing);
}

/** The picture with a restored face on it. */
export function pastedOn(
  enlarged: Raster<'enlarged'>,
  frame: PasteFrame,
  face: Raster<'crop'>,
  parsing: Plane<'0..1'> | null,
): Raster<'enlarged'> {
  const under = rasterAt(enlarged, frame.area);
  const patch = composite(under, placedSquare(face, frame), placedMask(frame, parsing));
  for (let y = 0; y < patch.height; y += 1) {
    const row = patch.data.subarray(y * patch.width * CHANNELS, (y + 1) * patch.width * CHANNELS);
    enlarged.data.set(row, ((frame.area.y + y) * enlarged.width + frame.area.x) * CHANNELS);
  }
  return enlarged;
}

/** What a mask of the frame's area is in the whole enlarged photo: 0 outside. */
export function inWhole(
  mask: Plane<'0..1'>,
  area: { readonly x: number; readonly y: number },
  width: number,
  height: number,
): Float32Array {
  const whole = new Float32Array(width * height);
  for (let y = 0; y < mask.height; y += 1)
    whole.set(mask.data.subarray(y * mask.width, (y + 1) * mask.width), (area.y + y) * width + area.x);
  return whole;
}

/** As the reference cuts it. */
export function cutSquare(photo: Raster<'photo'>, toSquare: Affine<'photo', 'crop'>): Raster<'crop'> {
  const frame = { sidePx: SIDE_PX, toCrop: toSquare, toPhoto: invert(toSquare) };
  return referenceSquare(photo, frame, { red: 132, green: 133, blue: 135 });
}

export function rgbOf({ data }: Raster<Space>): Uint8ClampedArray {
  return data.filter((_, i) => i % CHANNELS < 3);
}

interface Sampled {
  readonly stride: number;
  readonly sum: number;
  readonly values: string;
}

/** Differences to the stored values, codes; and of the means over the whole picture. */
export function colourDifference(actual: Raster<Space>, wanted: Sampled) {
  const all = rgbOf(actual);
  const expected = Buffer.from(wanted.values, 'hex');
  const distances = Array.from(expected, (byte, i) => {
    const at = Math.floor(i / 3) * wanted.stride * 3 + (i % 3);
    return Math.abs(all[at]! - byte);
  });
  return summary(distances, all, wanted.sum);
}

/** The same for shares of 0..1, of which 16 bits are stored. */
export function shareDifference(actual: Float32Array, wanted: Sampled) {
  const bytes = Buffer.from(wanted.values, 'hex');
  const distances = Array.from({ length: bytes.length / 2 }, (_, i) =>
    Math.abs(actual[i * wanted.stride]! - bytes.readUInt16BE(2 * i) / 65535),
  );
  return summary(distances, actual, wanted.sum);
}

function summary(distances: readonly number[], all: ArrayLike<number>, wantedSum: number) {
  let sum = 0;
  for (let i = 0; i < all.length; i += 1) sum += all[i]!;
  return {
    largest: Math.max(...distances),
    mean: distances.reduce((total, distance) => total + distance, 0) / distances.length,
    meansApart: Math.abs(sum - wantedSum) / all.length,
  };
}
