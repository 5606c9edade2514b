/** What the pipeline knows of each detector: how it goes over a photo, and what its scores are worth. */
import type { Config } from '../core/config';
import type { Size } from '../core/geometry';
import type { Detector, Manner, PackDetector } from '../core/look';
import { type Glance, PASS_SIDES_PX, type Pass, regionToPhoto, requestsOf } from './passes';
import { retinafaceGlance, scrfdGlance } from './reference';

export interface Sight {
  /** Coarse to fine. A later pass is for faces that were too small in the one before. */
  passes(photo: Size): readonly Pass[];
  /** For a picture that is not a pass's. @param scale its pixels in a photo pixel */
  manner(picture: Size, scale: number): Manner;
  /** From here a hit is no blob. */
  readonly sureScore: number;
  /** From here a hit is a face when the mesh traces one; below, the mesh must be certain, and the face not tiny. */
  readonly faceScore: number;
  /** The detector alone is believed from here: a face in profile, whose lids cannot be traced. */
  readonly untracedScore: number;
  /** Least score of a face on its side, laid upright. */
  readonly turnedScore: number;
}

/**
 * YuNet: upright faces score 0.79 and more, 0.87 laid upright, on their side 0.55. Below lies noise: bottles look like
 * faces. The others are taken at their own word, as their references do.
 */
const EMBEDDED_SCORES = { sureScore: 0.75, faceScore: 0.8, untracedScore: 0.85, turnedScore: 0.8 };
const REFERENCE_SCORES = { sureScore: 0, faceScore: 0, untracedScore: 0, turnedScore: 0 };
/** Larger networks get smaller tiles, for the same memory. */
const EMBEDDED_TILE_PX = 1600;
const REFERENCE_TILE_PX = 1024;
/** A pass that shows the photo hardly larger than the one before finds nothing new. */
const LEAST_GAIN = 1.5;
const MULTIPLE_PX = 32;

export function sightOf(detector: Detector, config: Config['detection']): Sight {
  const manner = mannerOf(detector, config);
  if (detector === 'embedded') {
    const passes = (photo: Size) =>
      PASS_SIDES_PX.map((sidePx) => tiledPass(photo, sidePx, EMBEDDED_TILE_PX, manner));
    return { passes, manner, ...EMBEDDED_SCORES };
  }
  const passes = (photo: Size): readonly Pass[] => {
    const first = firstGlance(detector, photo, config);
    const longest = Math.max(photo.width, photo.height);
    const sidePx = first ? longest * (first.request.heightPx / photo.height) : 0;
    const finer = PASS_SIDES_PX.filter((side) => side > LEAST_GAIN * sidePx);
    return [
      ...(first ? [{ sidePx, glances: [first] }] : []),
      ...finer.map((side) => tiledPass(photo, side, REFERENCE_TILE_PX, manner)),
    ];
  };
  return { passes, manner, ...REFERENCE_SCORES };
}

function firstGlance(
  detector: PackDetector,
  photo: Size,
  { detSize, retinafaceVariant, device }: Config['detection'],
): Glance | null {
  return detector === 'buffalo_l'
    ? scrfdGlance(photo, { width: detSize, height: detSize }, device)
    : retinafaceGlance(photo, retinafaceVariant, device);
}

function mannerOf(detector: Detector, config: Config['detection']): Sight['manner'] {
  const { device, retinafaceVariant: variant } = config;
  return ({ width, height }, scale) => {
    switch (detector) {
      case 'embedded':
        return { detector, scale };
      case 'buffalo_l':
        return { detector, device, scale, canvas: { width: upTo(width), height: upTo(height) } };
      case 'retinaface':
        return { detector, device, scale, variant };
    }
  };
}

function tiledPass(photo: Size, sidePx: number, tilePx: number, manner: Sight['manner']): Pass {
  const glances = requestsOf(photo, sidePx, tilePx).map((request) => {
    const { area, widthPx: width, heightPx: height } = request;
    return {
      request,
      manner: manner({ width, height }, height / area.height),
      toPhoto: regionToPhoto(request),
    };
  });
  return { sidePx, glances };
}

function upTo(sizePx: number): number {
  return Math.ceil(sizePx / MULTIPLE_PX) * MULTIPLE_PX;
}
