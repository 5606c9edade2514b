import { type Affine, apply, type Point, type Rect, type Space, scaleOf } from './geometry';
import type { Detector } from './look';

/** Sides are the subject's own: the right eye lies on the left of an unmirrored picture. */
export type Side = 'left' | 'right';
export const SIDES: readonly Side[] = ['left', 'right'];

export type EyeState = 'open' | 'closed' | 'unsure';

/** Why a verdict was given; the page has a sentence for each. */
export type VerdictReason =
  | 'lids-apart'
  | 'lids-together'
  | 'measures-disagree'
  | 'between-the-limits'
  | 'eye-turned-away'
  | 'too-small'
  | 'overruled';

/** Five points in image order: eye at image-left, eye at image-right, nose tip, mouth corner image-left, image-right. */
export type FivePoints<S extends Space> = readonly [Point<S>, Point<S>, Point<S>, Point<S>, Point<S>];

/** One hit of a face detector. Score is a probability. */
export interface Detection<S extends Space> {
  readonly box: Rect<S>;
  readonly score: number;
  readonly points: FivePoints<S>;
}

/** Dense landmarks of one face as a network gave them. */
export interface FaceMesh<S extends Space> {
  readonly layout: LandmarkLayout;
  readonly points: readonly Point<S>[];
  /** Probability that there is a face at all. */
  readonly presence: number;
}

/** Below, there is no face, and lids and irises are invented. Cats, statues of noise and hands stay below. */
const LOWEST_PRESENCE = 0.5;

export function isTraced({ presence }: Pick<FaceMesh<Space>, 'presence'>): boolean {
  return presence >= LOWEST_PRESENCE;
}

export type LandmarkLayout = 'mediapipe-478' | 'mediapipe-468';

/** Shape of one eye. Independent of state: decisions read it, they do not live in it. */
export interface EyeShape<S extends Space> {
  /** Lid ring, clockwise on screen, from the corner at image-left; upper lid first. 16 or 8 points. */
  readonly contour: readonly Point<S>[];
  /** Corner at image-left and at image-right. */
  readonly corners: readonly [Point<S>, Point<S>];
  readonly iris: { readonly centre: Point<S>; readonly radiusPx: number } | null;
  /** Lower edge of the brow above this eye, image-left to image-right: masks never reach it. */
  readonly brow: readonly Point<S>[];
}

/**
 * Head turn from the mesh; 0 looks into the camera. Roll is the head's tilt in the picture, clockwise on screen; the others are told
 * in a picture that is turned back by it. Yaw > 0: nose points to its right. Pitch > 0: nose down.
 */
export interface HeadPose {
  readonly yawRad: number;
  readonly pitchRad: number;
  readonly rollRad: number;
}

export interface EyeMeasure {
  /** Shoelace area of the lid ring on the 512-px FFHQ square, in px². */
  readonly areaPx512: number;
  /** Shoelace area in photo pixels, px². */
  readonly areaPhotoPx: number;
  /** Eye aspect ratio: mean lid opening / corner distance. */
  readonly aspectRatio: number;
}

export interface EyeVerdict extends EyeMeasure {
  readonly state: EyeState;
  readonly reason: VerdictReason;
}

/**
 * 128 numbers that tell people apart: the Euclidean distance of two is 0 to about 1.5, below about 0.5 for one person
 * (dlib's face recognition network).
 */
export type Identity = Float32Array<ArrayBuffer>;

/** A face of a photo. `index` is its number in reports (0-based, stable for the photo). */
export interface Face {
  readonly index: number;
  readonly foundBy: Detector;
  readonly box: Rect<'photo'>;
  readonly score: number;
  readonly points: FivePoints<'photo'>;
  readonly mesh: FaceMesh<'photo'>;
  /** InsightFace's 106 points in its own order, where Buffalo_L looked. */
  readonly points106?: readonly Point<'photo'>[];
  readonly pose: HeadPose;
  readonly eyes: Readonly<Record<Side, EyeShape<'photo'>>>;
  readonly verdicts: Readonly<Record<Side, EyeVerdict>>;
  /** Absent until a second photo makes it useful; null: too small or too turned to tell. */
  readonly identity?: Identity | null;
}

export function closedSides(face: Face): readonly Side[] {
  return SIDES.filter((side) => face.verdicts[side].state === 'closed');
}

/** An eye's shape in another space. */
export function movedEye<F extends Space, T extends Space>(eye: EyeShape<F>, map: Affine<F, T>): EyeShape<T> {
  const move = (p: Point<F>) => apply(map, p);
  return {
    contour: eye.contour.map(move),
    corners: [move(eye.corners[0]), move(eye.corners[1])],
    iris: eye.iris && { centre: move(eye.iris.centre), radiusPx: eye.iris.radiusPx * scaleOf(map) },
    brow: eye.brow.map(move),
  };
}
