/** The network's strip as a candidate for the face square. */
import { type EyeMaskShape, movedMask } from '../../src/core/crop';
import { movedEye } from '../../src/core/face';
import type { Candidate } from '../../src/core/generation';
import { compose, invert, type Rect, rect, scaleOf, shift } from '../../src/core/geometry';
import { type OpenRequest, STRIP } from '../../src/core/opening';
import { CHANNELS, type Plane, plane, type Raster, raster } from '../../src/core/raster';
import { areaToBlend } from '../../src/pixels/bounds';
import { maskDepthPx, uniteMasks } from '../../src/pixels/mask';
import { blurArea } from '../../src/pixels/sharpness';
import { applyTone, toneOf } from '../../src/pixels/tone';
import { REPLICATE, warpRaster } from '../../src/pixels/warp';
import { planeAt, rasterAt } from '../../src/pixels/window';
import type { FloatTensor } from '../ort/tensor';
import { withFibres } from './irisTexture';
import { asSharpAs } from './likePhoto';
import type { EyeWish } from './wish';

/** Among built-in ones: in the order of their seeds. */
const RANK = 0.4;
const RANK_STEP = 0.001;
/** Width of the soft edge in half widths of a mask, as in training: what lies deeper is the network's alone. */
const FEATHER = 0.18;

/** @param eyes RGB 0..1, [1, 3, STRIP.heightPx, STRIP.widthPx] @param place among the seeds */
export type CandidateMaker = (eyes: FloatTensor, wish: EyeWish, seed: number, place: number) => Candidate;

/** For the seeds of one face, whose candidates share mask and core. */
export function candidateMaker(request: OpenRequest): CandidateMaker {
  const { area, sides, masks, photoName, openness, iris } = request;
  const toArea = shift<'crop', 'crop'>(-area.x, -area.y);
  const shapes = sides.map((side) => movedMask(masks[side], toArea));
  const whole = uniteMasks(shapes, area.width, area.height);
  const changed = areaToBlend(whole);
  const mask = planeAt(whole, changed);
  const core = coreOf(shapes, changed);
  const inSquare = squareMaker(request);
  return (eyes, wish, seed, place) => ({
    id: `built-in-${seed}`,
    generator: 'built-in',
    area: rect(area.x + changed.x, area.y + changed.y, changed.width, changed.height),
    pixels: rasterAt(inSquare(eyes, wish, seed), changed),
    mask,
    core,
    rank: RANK - RANK_STEP * place,
    origin: {
      kind: 'built-in',
      photoName,
      sourceId: `seed ${seed}`,
      builtIn: { seed, openness, iris },
    },
    notes: [],
  });
}

/** The request's area of the face square, with the photo's sharpness. */
function squareMaker({
  area,
  square,
  strip,
  person,
  sides,
  toCrop,
}: OpenRequest): (eyes: FloatTensor, wish: EyeWish, seed: number) => Raster<'crop'> {
  const toArea = compose(toCrop, shift<'crop', 'crop'>(-area.x, -area.y));
  const scale = scaleOf(toCrop);
  // Of the whole head: skin alone follows from its lightness in colour photos too.
  const tone = toneOf(person.pixels);
  const likePhoto = asSharpAs(rasterAt(square, area), scale);
  const corners = {
    left: movedEye(strip.eyes.left, toArea),
    right: movedEye(strip.eyes.right, toArea),
  };
  return (eyes, wish, seed) => {
    const brought = warpRaster(fineAs(scale, pictureOf(eyes)), invert(toArea), {
      width: area.width,
      height: area.height,
      border: REPLICATE,
      filter: 'bicubic',
    });
    const made = withFibres(likePhoto(brought), corners, sides, wish, scale, seed);
    if (tone) applyTone(made, rect(0, 0, made.width, made.height), tone);
    return made;
  };
}

/** Without what a smaller picture cannot hold: of a face square smaller than the strip. */
function fineAs(scale: number, picture: Raster<'strip'>): Raster<'strip'> {
  if (scale >= 1) return picture;
  // The deviation of the square that averages 1 / scale px, less that of a single one.
  const sigmaPx = Math.sqrt((scale ** -2 - 1) / 12);
  return blurArea(picture, rect<'strip'>(0, 0, picture.width, picture.height), sigmaPx);
}

function coreOf(shapes: readonly EyeMaskShape<'crop'>[], part: Rect<'crop'>): Plane<'0..1'> {
  const core = plane<'0..1'>(part.width, part.height);
  const isDeep = (x: number, y: number) =>
    shapes.some((shape) => maskDepthPx(shape, x, y) >= FEATHER * shape.halfWidthPx);
  for (let y = 0, i = 0; y < core.height; y += 1)
    for (let x = 0; x < core.width; x += 1, i += 1)
      if (isDeep(part.x + x + 0.5, part.y + y + 0.5)) core.data[i] = 1;
  return core;
}

function pictureOf({ data }: FloatTensor): Raster<'strip'> {
  const picture = raster<'strip'>(STRIP.widthPx, STRIP.heightPx);
  const size = STRIP.widthPx * STRIP.heightPx;
  for (let i = 0; i < size; i += 1) {
    picture.data.set([255 * data[i]!, 255 * data[size + i]!, 255 * data[2 * size + i]!, 255], i * CHANNELS);
  }
  return picture;
}
