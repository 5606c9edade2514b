/** A face as the painter begins with it, and as a candidate when it has been painted. */
import { movedMask } from '../../src/core/crop';
import { AppError } from '../../src/core/errors';
import { movedEye } from '../../src/core/face';
import type { Candidate } from '../../src/core/generation';
import { shift } from '../../src/core/geometry';
import { type PaintFace, type PaintVariation, toPaint } from '../../src/core/painting';
import type { Raster } from '../../src/core/raster';
import { areaToBlend } from '../../src/pixels/bounds';
import { uniteMasks } from '../../src/pixels/mask';
import { pillowLanczos } from '../../src/pixels/pillowLanczos';
import { prefillEyes } from '../../src/pixels/prefillEye';
import { planeAt, rasterAt } from '../../src/pixels/window';
import type { FloatTensor } from '../ort/tensor';
import { binarised, greyOfPlane, withoutMasked } from './mask';
import { planesOf } from './picture';

/** Among painted ones: the first is the one that was asked for. */
const RANK = 0.5;
const RANK_STEP = 0.001;

export interface Canvas {
  /** −1..1, [1, 3, side, side] */
  readonly planes: FloatTensor;
  /** 1 is painted anew, [1, 1, side, side]. */
  readonly mask: FloatTensor;
  /** `planes` with mid grey under the mask. */
  readonly masked: FloatTensor;
}

/** @throws AppError GEN_001 (`details.reason` nothing-to-paint); RangeError when an eye's corners coincide */
export function canvasOf({ picture, area, eyes, iris, yawRad, settings }: PaintFace): Canvas {
  const map = toPaint(area, picture.width);
  const moved = eyes.map(({ side, eye, mask }) => ({
    side,
    eye: movedEye(eye, map),
    mask: movedMask(mask, map),
  }));
  const shapes = moved.map(({ mask }) => mask);
  const mask = binarised(greyOfPlane(uniteMasks(shapes, picture.width, picture.height)));
  if (!mask.data.includes(1)) {
    throw new AppError('GEN_001', 'the eyes lie outside what is painted', { reason: 'nothing-to-paint' });
  }
  const begun = settings.prefill ? prefillEyes(picture, moved, iris, yawRad) : picture;
  const planes = planesOf(begun);
  return { planes, mask, masked: withoutMasked(planes, mask) };
}

/** @param place among the variations. */
export function candidateOf(
  painted: Raster<'paint'>,
  { area, eyes, photoName }: PaintFace,
  { seed, prompt }: PaintVariation,
  place: number,
): Candidate {
  const local = eyes.map(({ mask }) => movedMask(mask, shift<'crop', 'crop'>(-area.x, -area.y)));
  const mask = uniteMasks(local, area.width, area.height);
  const changed = areaToBlend(mask);
  const pixels = pillowLanczos<'paint', 'crop'>(painted, area.width, area.height);
  return {
    id: `painted-${seed}-${place}`,
    generator: 'sdxl',
    area: { ...changed, x: changed.x + area.x, y: changed.y + area.y },
    pixels: rasterAt(pixels, changed),
    mask: planeAt(mask, changed),
    rank: RANK - RANK_STEP * place,
    origin: { kind: 'painted', photoName, sourceId: `seed ${seed}`, painted: { seed, prompt } },
    notes: [],
  };
}
