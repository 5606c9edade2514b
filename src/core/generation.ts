import type { Rgb } from './colour';
import type { EyeMaskShape } from './crop';
import type { EyeShape, EyeState, HeadPose, Side } from './face';
import type { Affine, Rect, Space } from './geometry';
import type { Plane, Raster } from './raster';

/** A face square with what is known of the face in it. */
export interface FaceSquare<S extends Space> {
  readonly pixels: Raster<S>;
  readonly eyes: Readonly<Record<Side, EyeShape<S>>>;
  readonly states: Readonly<Record<Side, EyeState>>;
  readonly pose: HeadPose;
  /** Dense landmarks in this square. */
  readonly landmarks: readonly { readonly x: number; readonly y: number }[];
}

/** Where the real pixels of an open eye come from. */
export interface DonorSource {
  readonly id: string;
  readonly kind: 'other-eye' | 'other-photo';
  /** Name of the donor photo (the photo itself for 'other-eye'). */
  readonly photoName: string;
  readonly square: FaceSquare<'source'>;
}

/** Everything a generator needs to open the masked eyes of one face. */
export interface GenerationRequest {
  readonly target: FaceSquare<'crop'>;
  /** The eyes to open: the closed ones, or those a person chose. */
  readonly sides: readonly Side[];
  /** Per eye: where the generator may paint, in the target's square. */
  readonly masks: Readonly<Record<Side, EyeMaskShape<'crop'>>>;
  readonly sources: readonly DonorSource[];
  readonly seed: number;
}

export type GeneratorId = 'donor' | 'built-in' | 'sdxl';

/** One possible picture of the opened eyes. */
export interface Candidate {
  readonly id: string;
  readonly generator: GeneratorId;
  /** The part of the target's square that `pixels`, `mask` and `core` cover: whole squares would cost 48 MB each. */
  readonly area: Rect<'crop'>;
  /** Only what lies under `mask` counts. */
  readonly pixels: Raster<'crop'>;
  /** Where this candidate has something to say: 1 inside, 0 outside, not feathered. */
  readonly mask: Plane<'0..1'>;
  /** Part of the mask that the soft edge must not reach: the opening and the old lash line. Absent: the mask's middle. */
  readonly core?: Plane<'0..1'>;
  /** Higher is better; comparable within one face. */
  readonly rank: number;
  readonly origin: CandidateOrigin;
  readonly notes: readonly CandidateNote[];
}

export interface CandidateOrigin {
  readonly kind: DonorSource['kind'] | 'painted' | 'built-in';
  readonly photoName: string;
  readonly sourceId: string;
  /** What a painter made it from. */
  readonly painted?: { readonly seed: number; readonly prompt: string };
  /** What the built-in network made it from; `iris` null: not known, so dark brown. */
  readonly builtIn?: { readonly seed: number; readonly openness: number; readonly iris: Rgb | null };
}

/** Why a candidate ranks where it does, or what to look out for. */
export type CandidateNote =
  | 'same-pose'
  | 'different-pose'
  | 'same-light'
  | 'different-light'
  | 'same-expression'
  | 'gaze-shifted'
  | 'softer-than-photo'
  | 'glasses-near';

/** A generator that finds nothing to do says why; the page turns it into advice. */
export type NoCandidateReason =
  | 'no-open-eye-anywhere'
  | 'eye-covered'
  | 'pose-too-different'
  | 'source-too-small'
  | 'source-unreadable'
  | 'stays-closed';

export interface GenerationResult {
  readonly candidates: readonly Candidate[];
  readonly refusals: readonly { readonly sourceId: string; readonly reason: NoCandidateReason }[];
}

/** A candidate that has the photo's colour, light and grain, with the feathered mask it is placed by. */
export interface Blended {
  /** Side of the square, and the part of it that `pixels` and `alpha` cover. Elsewhere alpha is 0. */
  readonly sidePx: number;
  readonly area: Rect<'crop'>;
  readonly pixels: Raster<'crop'>;
  /** 0 = the original pixel, bit for bit; 1 = the new one. */
  readonly alpha: Plane<'0..1'>;
  /** Of a face that was restored as a whole. */
  readonly fine?: FineFace;
}

/** A restored face as the restorer drew it, for a photo that is enlarged. */
export interface FineFace {
  readonly toSquare: Affine<'photo', 'crop'>;
  /** 512 px. */
  readonly face: Raster<'crop'>;
  /** `RestoredSquare.parsed`. */
  readonly parsed: Plane<'0..1'> | null;
}
