/**
 * Where things are in the 478-point mesh. Rings run clockwise on screen from the corner at image-left,
 * upper lid first; "left" and "right" are the subject's own sides.
 */
import type { EyeShape, FaceMesh, FivePoints, Side } from '../core/face';
import { distance, midpoint, type Point, type Space } from '../core/geometry';

export interface EyeIndices {
  readonly ring: readonly number[];
  /** Centre, then four points on the rim. */
  readonly iris: readonly [number, number, number, number, number];
  readonly brow: readonly number[];
}

export const EYES: Readonly<Record<Side, EyeIndices>> = {
  right: {
    ring: [33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7],
    iris: [468, 469, 470, 471, 472],
    brow: [46, 53, 52, 65, 55],
  },
  left: {
    ring: [362, 398, 384, 385, 386, 387, 388, 466, 263, 249, 390, 373, 374, 380, 381, 382],
    iris: [473, 474, 475, 476, 477],
    brow: [285, 295, 282, 283, 276],
  },
};

interface RingPlaces {
  /** The corner at image-right. */
  readonly farCorner: number;
  /** Upper and lower lid points of the eye aspect ratio. */
  readonly lidPairs: readonly [readonly [number, number], readonly [number, number]];
  /** Middle of the upper lid. */
  readonly upperLid: readonly number[];
}

/** Places in a ring, by its number of points: the mesh has 16, InsightFace 8. */
const RING_PLACES: Readonly<Record<number, RingPlaces>> = {
  16: {
    farCorner: 8,
    lidPairs: [
      [3, 13],
      [5, 11],
    ],
    upperLid: [3, 4, 5],
  },
  8: {
    farCorner: 4,
    lidPairs: [
      [1, 7],
      [3, 5],
    ],
    upperLid: [2],
  },
};

function placesOf(contour: readonly Point<Space>[]): RingPlaces {
  const places = RING_PLACES[contour.length];
  if (!places) throw new RangeError(`a lid ring has 16 or 8 points, got ${contour.length}`);
  return places;
}
const NOSE_TIP = 1;
const MOUTH_CORNERS = [61, 291] as const;

const pick = <S extends Space>(mesh: FaceMesh<S>, indices: readonly number[]): Point<S>[] =>
  indices.map((index) => mesh.points[index]!);

export function eyeShape<S extends Space>(mesh: FaceMesh<S>, side: Side): EyeShape<S> {
  const { ring, iris, brow } = EYES[side];
  const contour = pick(mesh, ring);
  const [centre, ...rim] = pick(mesh, iris);
  const radiusPx = rim.reduce((sum, p) => sum + distance(centre!, p), 0) / rim.length;
  return {
    contour,
    corners: cornersOf(contour),
    iris: { centre: centre!, radiusPx },
    brow: pick(mesh, brow),
  };
}

export function eyesOf<S extends Space>(mesh: FaceMesh<S>): Readonly<Record<Side, EyeShape<S>>> {
  return { left: eyeShape(mesh, 'left'), right: eyeShape(mesh, 'right') };
}

/** Eye centres (midway between the corners), nose tip, mouth corners: the order of `FivePoints`. */
export function fivePoints<S extends Space>(mesh: FaceMesh<S>): FivePoints<S> {
  const centre = (side: Side) => midpoint(...eyeShape(mesh, side).corners);
  const [mouthLeft, mouthRight] = pick(mesh, MOUTH_CORNERS);
  return [centre('right'), centre('left'), mesh.points[NOSE_TIP]!, mouthLeft!, mouthRight!];
}

/** Corner at image-left and at image-right of a ring. */
export function cornersOf<S extends Space>(contour: readonly Point<S>[]): EyeShape<S>['corners'] {
  return [contour[0]!, contour[placesOf(contour).farCorner]!];
}

/** Eye aspect ratio (Soukupová & Čech 2016): mean of two lid distances over the corner distance. */
export function aspectRatio(eye: EyeShape<Space>): number {
  const openings = placesOf(eye.contour).lidPairs.map(([upper, lower]) =>
    distance(eye.contour[upper]!, eye.contour[lower]!),
  );
  const width = distance(...eye.corners);
  return (openings[0]! + openings[1]!) / (2 * width);
}

/** How far the middle of the upper lid arches above the line through the corners, in corner distances; below: negative. */
export function lidArch(eye: EyeShape<Space>): number {
  const [from, to] = eye.corners;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const rises = placesOf(eye.contour).upperLid.map((place) => {
    const p = eye.contour[place]!;
    return (p.x - from.x) * dy - (p.y - from.y) * dx;
  });
  return rises.reduce((sum, rise) => sum + rise, 0) / rises.length / (dx * dx + dy * dy);
}
