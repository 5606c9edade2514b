/** The network's strip as a candidate for the face square. */
import { movedMask } from '../../src/core/crop';
import type { Candidate } from '../../src/core/generation';
import { compose, invert, type Rect, scaleOf, shift } from '../../src/core/geometry';
import { type OpenRequest, STRIP } from '../../src/core/opening';
import { CHANNELS, plane, type Raster, raster } from '../../src/core/raster';
import { areaToBlend } from '../../src/pixels/bounds';
import { maskDepthPx, uniteMasks } from '../../src/pixels/mask';
import { REPLICATE, warpRaster } from '../../src/pixels/warp';
import { planeAt, rasterAt } from '../../src/pixels/window';
import type { FloatTensor } from '../ort/tensor';
import { asSharpAs } from './likePhoto';

/** Among built-in ones: the first is the usual eye. */
const RANK = 0.4;
const RANK_STEP = 0.001;
/** Width of the soft edge in corner distances, as in training: what lies deeper in the mask is the network's alone. */
const FEATHER = 0.12;
/** Width of a mask in corner distances (`maskShapes`). */
const MASK_WIDTH = 1.35;
/** Mean difference of the channels, codes, in a black-and-white photo. */
const MOST_GREY_TINT = 3;

/** @param eyes RGB 0..1, [1, 3, STRIP.heightPx, STRIP.widthPx] @param place among the seeds */
export function candidateOf(eyes: FloatTensor, request: OpenRequest, seed: number, place: number): Candidate {
  const { area, square, sides, masks, toCrop, photoName, openness, iris, strip } = request;
  const toLocal = shift<'crop', 'crop'>(-area.x, -area.y);
  const shapes = sides.map((side) => movedMask(masks[side], toLocal));
  const mask = uniteMasks(shapes, area.width, area.height);
  const changed = areaToBlend(mask);
  const at: Rect<'crop'> = { ...changed, x: changed.x + area.x, y: changed.y + area.y };
  const core = plane<'0..1'>(changed.width, changed.height);
  for (let y = 0, i = 0; y < core.height; y += 1)
    for (let x = 0; x < core.width; x += 1, i += 1)
      for (const shape of shapes) {
        const featherPx = (FEATHER * 2 * shape.halfWidthPx) / MASK_WIDTH;
        if (maskDepthPx(shape, changed.x + x + 0.5, changed.y + y + 0.5) >= featherPx) core.data[i] = 1;
      }
  const toArea = compose(toCrop, toLocal);
  const made = warpRaster(pictureOf(eyes, isGrey(strip.pixels)), invert(toArea), {
    width: area.width,
    height: area.height,
    border: REPLICATE,
    filter: 'bicubic',
  });
  const pixels = asSharpAs(made, rasterAt(square, area), scaleOf(toCrop));
  return {
    id: `built-in-${seed}-${place}`,
    generator: 'built-in',
    area: at,
    pixels: rasterAt(pixels, changed),
    mask: planeAt(mask, changed),
    core,
    rank: RANK - RANK_STEP * place,
    origin: {
      kind: 'built-in',
      photoName,
      sourceId: `seed ${seed}`,
      builtIn: { seed, openness, iris },
    },
    notes: [],
  };
}

function pictureOf({ data }: FloatTensor, grey: boolean): Raster<'strip'> {
  const picture = raster<'strip'>(STRIP.widthPx, STRIP.heightPx);
  const size = STRIP.widthPx * STRIP.heightPx;
  for (let i = 0; i < size; i += 1) {
    const [red, green, blue] = [data[i]!, data[size + i]!, data[2 * size + i]!];
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    const codes = grey ? [luma, luma, luma] : [red, green, blue];
    picture.data.set([...codes.map((value) => 255 * value), 255], i * CHANNELS);
  }
  return picture;
}

/** A photo without colours gets eyes without. */
function isGrey({ data }: Raster<'strip'>): boolean {
  const size = STRIP.widthPx * STRIP.heightPx;
  let tint = 0;
  for (let i = 0; i < size * CHANNELS; i += CHANNELS) {
    const [red, green, blue] = [data[i]!, data[i + 1]!, data[i + 2]!];
    tint += Math.max(red, green, blue) - Math.min(red, green, blue);
  }
  return tint / size <= MOST_GREY_TINT;
}
