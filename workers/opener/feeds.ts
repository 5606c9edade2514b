/** What the network sees of a face (tools/train/opener.py). */
import type { Rgb } from '../../src/core/colour';
import type { EyeMaskShape } from '../../src/core/crop';
import { invert, type Space } from '../../src/core/geometry';
import { type OpenRequest, PERSON_SIDE_PX, STRIP } from '../../src/core/opening';
import { CHANNELS, type Plane, type Raster, raster } from '../../src/core/raster';
import { uniteMasks } from '../../src/pixels/mask';
import { irisInLight } from '../../src/pixels/prefillEye';
import { gaussian } from '../../src/pixels/random';
import { resizeArea } from '../../src/pixels/resizeArea';
import { warpPlane } from '../../src/pixels/warp';
import type { FloatTensor, Tensors } from '../ort/tensor';
import { guideOf } from './guide';
import { hideLids, skinRound } from './lidSkin';
import type { EyeWish, Lid } from './wish';

/** Value of the mask: whether the old lid is still seen under it. */
const MASK = { shown: 0.5, hidden: 1 } as const satisfies Record<Lid, number>;
const CONTEXT_SIDE_PX = 48;
/** Random numbers that style a pair of eyes, beside the head's turn. */
const STYLES = 8;
const COLOURS = 3;
const { widthPx: WIDTH, heightPx: HEIGHT } = STRIP;
const STRIP_PX = WIDTH * HEIGHT;

/** The same for all seeds of a face. */
export interface FaceFeeds {
  readonly lids: Readonly<Record<Lid, { readonly picture: FloatTensor; readonly mask: FloatTensor }>>;
  readonly context: FloatTensor;
  /** Of the irises, in the light that falls on this face; null: the network chooses. */
  readonly iris: Rgb | null;
}

export function faceFeeds({ sides, strip, person, iris }: OpenRequest): FaceFeeds {
  const shapes = sides.map((side) => strip.masks[side]);
  const hole = uniteMasks(shapes, WIDTH, HEIGHT);
  const seen = (picture: Raster<'strip'>, lid: Lid) => ({
    picture: planesOf(picture, WIDTH, HEIGHT, COLOURS),
    mask: { data: hole.data.map((value) => MASK[lid] * value), dims: [1, 1, HEIGHT, WIDTH] },
  });
  return {
    lids: {
      shown: seen(strip.pixels, 'shown'),
      hidden: seen(hideLids(strip.pixels, shapes), 'hidden'),
    },
    context: contextOf(person, hole),
    iris: shapes[0] ? inLight(iris, strip.pixels, shapes[0]) : iris,
  };
}

/** @param seed 0..4294967295 */
export function seedFeeds(
  { lids, context, iris }: FaceFeeds,
  { strip, pose }: Pick<OpenRequest, 'strip' | 'pose'>,
  wish: EyeWish,
  seed: number,
): Tensors<FloatTensor> {
  const normal = gaussian(STYLES + STRIP_PX, seed);
  const style = Float32Array.of(pose.yawRad, pose.pitchRad, ...normal.subarray(0, STYLES));
  return {
    ...lids[wish.lid],
    context,
    guide: guideOf(strip.eyes, wish, iris),
    noise: { data: normal.slice(STYLES), dims: [1, 1, HEIGHT, WIDTH] },
    style: { data: style, dims: [1, style.length] },
  };
}

/**
 * A person may name a colour that this photo's light could not show. Where nobody knows it the network is told dark brown:
 * left to itself it gave brown-eyed people grey irises.
 */
function inLight(iris: Rgb | null, strip: Raster<'strip'>, shape: EyeMaskShape<'strip'>): Rgb | null {
  const skin = skinRound(strip, shape);
  return skin ? irisInLight(iris, skin) : iris;
}

/** The face in small, black where the eyes are to come, and where that is. */
function contextOf({ pixels, fromStrip }: OpenRequest['person'], hole: Plane<'0..1'>): FloatTensor {
  const side = PERSON_SIDE_PX;
  const border = { kind: 'constant', values: [0] } as const;
  const over = warpPlane(hole, invert(fromStrip), { width: side, height: side, border });
  const rest = raster<'view'>(side, side);
  for (let i = 0; i < over.data.length; i += 1) {
    const covered = over.data[i]!;
    for (let c = 0; c < COLOURS; c += 1)
      rest.data[i * CHANNELS + c] = (1 - covered) * pixels.data[i * CHANNELS + c]!;
    rest.data[i * CHANNELS + COLOURS] = 255 * covered;
  }
  return planesOf(
    resizeArea(rest, CONTEXT_SIDE_PX, CONTEXT_SIDE_PX),
    CONTEXT_SIDE_PX,
    CONTEXT_SIDE_PX,
    CHANNELS,
  );
}

/** The first rows of a picture `width` wide, channel by channel, 0..1: [1, channels, height, width]. */
function planesOf({ data }: Raster<Space>, width: number, height: number, channels: number): FloatTensor {
  const size = width * height;
  const out = new Float32Array(channels * size);
  for (let c = 0; c < channels; c += 1)
    for (let i = 0; i < size; i += 1) out[c * size + i] = data[i * CHANNELS + c]! / 255;
  return { data: out, dims: [1, channels, height, width] };
}
