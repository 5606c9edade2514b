/** What the network that the app ships is asked, and the strip of a face that it sees. */
import type { Rgb } from './colour';
import type { EyeMaskShape } from './crop';
import type { EyeShape, HeadPose, Side } from './face';
import { type Affine, type Point, point, type Rect, similarity } from './geometry';
import type { Raster } from './raster';

/** Geometry of the strip, as the network was trained (tools/train/strip.py). */
export const STRIP = {
  widthPx: 192,
  heightPx: 80,
  /** From the middle of one eye to that of the other. */
  eyeDistancePx: 96,
  /** The corners lie on it: room for the brow above, less for the cheek below. */
  eyeLinePx: 44,
} as const;

/** Side of the face square that tells what the person is like. */
export const PERSON_SIDE_PX = 256;

/** Between the corners of one eye, in distances from eye to eye, on the mean face. */
const EYE_WIDTH = 0.4384;

/** The upright strip of both eyes, by the least-squares similarity of their four corners; nothing else of the face moves it. */
export function toStrip(
  eyes: Readonly<Record<Side, Pick<EyeShape<'photo'>, 'corners'>>>,
): Affine<'photo', 'strip'> {
  const half = (EYE_WIDTH * STRIP.eyeDistancePx) / 2;
  const middles = [-0.5, 0.5].map((side) => STRIP.widthPx / 2 + side * STRIP.eyeDistancePx);
  const corners: readonly Point<'strip'>[] = middles.flatMap((x) => [
    point<'strip'>(x - half, STRIP.eyeLinePx),
    point<'strip'>(x + half, STRIP.eyeLinePx),
  ]);
  return similarity([...eyes.right.corners, ...eyes.left.corners], corners);
}

/** One face to open. */
export interface OpenRequest {
  /** Name of the photo. */
  readonly photoName: string;
  /** The eyes to open. */
  readonly sides: readonly Side[];
  /** The person's own open eye, which the other is to match; null: there is none. */
  readonly openSide: Side | null;
  /** The face square, filled in `area`: masks, brows and what lies round them. */
  readonly square: Raster<'crop'>;
  readonly area: Rect<'crop'>;
  readonly masks: Readonly<Record<Side, EyeMaskShape<'crop'>>>;
  readonly toCrop: Affine<'strip', 'crop'>;
  readonly strip: {
    /** `STRIP.widthPx` wide and high; the strip is its top `STRIP.heightPx` rows, the rest is not looked at. */
    readonly pixels: Raster<'strip'>;
    readonly eyes: Readonly<Record<Side, EyeShape<'strip'>>>;
    readonly masks: Readonly<Record<Side, EyeMaskShape<'strip'>>>;
  };
  readonly person: {
    /** The whole face, upright, `PERSON_SIDE_PX` wide and high. */
    readonly pixels: Raster<'view'>;
    readonly fromStrip: Affine<'strip', 'view'>;
  };
  readonly pose: Pick<HeadPose, 'yawRad' | 'pitchRad'>;
  /** Of both irises, codes; what is too bright for the light on this face is made darker. Null: not known, so dark brown. */
  readonly iris: Rgb | null;
  /** How far the upper lids open; 1: as eyes usually do. */
  readonly openness: number;
  /** One pair of eyes each, 0..4294967295. */
  readonly seeds: readonly number[];
}
