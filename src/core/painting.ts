/** What a painter is asked, and what it answers: new eyes for faces, made by a diffusion model. */
import type { Rgb } from './colour';
import type { EyeMaskShape } from './crop';
import type { ErrorCode, ErrorDetails } from './errors';
import type { EyeShape, Side } from './face';
import type { Candidate } from './generation';
import { type Affine, compose, type Rect, scaling, shift } from './geometry';
import type { Raster } from './raster';

/** The painter's packs. Only the base is needed. */
export const PAINTER_PACKS = { base: 'sdxl-inpaint', refiner: 'sdxl-refiner' } as const;

/** In the order in which they are used. */
export const PAINTER_NETWORKS = [
  'text_encoder',
  'text_encoder_2',
  'vae_encoder',
  'unet',
  'refiner',
  'vae_decoder',
] as const;
export type PainterNetwork = (typeof PAINTER_NETWORKS)[number];

/** Below, pupil, lashes and white mix: of 272 eyes at 5.5 px one was named blue for brown or back, at 4.6 px three. */
export const LEAST_IRIS_RADIUS_PX = 5;

/** An open eye's colours as a photo shows them. */
export interface EyeColours {
  readonly iris: Rgb;
  /** Of the white beside it, which tells the light; null: too little of it shows. */
  readonly sclera: Rgb | null;
}

/** How a run fits the computer. */
export interface PaintPlan {
  /** Side of the squares that are painted, px. */
  readonly sidePx: number;
  /** Networks that stay loaded when their part is done; each other one is released before the next is loaded. */
  readonly keeps: readonly PainterNetwork[];
  /** Prompt and negative prompt in one run of the network: faster, and more memory. */
  readonly together: boolean;
  /** Variations in one run of the network: the same. */
  readonly pictures: number;
  /** Most that is on the GPU at one time. */
  readonly needsBytes: number;
}

export type PaintScheduler = 'auto' | 'euler' | 'dpm++2m-karras' | 'lcm';

export interface PaintSettings {
  /** 0..1: how much of what is there may change; 1: all. */
  readonly strength: number;
  readonly steps: number;
  /** Above 1 the negative prompt counts. */
  readonly guidanceScale: number;
  /** 0..1 */
  readonly guidanceRescale: number;
  /** `auto`: the one that the model was made with. */
  readonly scheduler: PaintScheduler;
  /** A plain open eye is drawn in place of the closed one before painting begins. */
  readonly prefill: boolean;
  /** Null: none. */
  readonly refiner: RefinerSettings | null;
}

export interface RefinerSettings {
  /** `picture`: the painted picture is gone over once more. `latents`: the refiner does the last steps itself. */
  readonly by: 'picture' | 'latents';
  /** 0..1, for `picture`. */
  readonly strength: number;
  /** For `picture`; by `latents` they are the base's. */
  readonly steps: number;
  readonly guidanceScale: number;
  /** 0..1: the share of the steps that the base does, for `latents`. */
  readonly switchAt: number;
}

/** One picture to paint. */
export interface PaintVariation {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly refinerPrompt: string;
  readonly refinerNegativePrompt: string;
  /** 0..4294967295 */
  readonly seed: number;
}

export interface PaintFace {
  /** The part of the face square that is painted, `sidePx` of the plan. */
  readonly picture: Raster<'paint'>;
  /** Where that part lies in the face square: whole pixels, as wide as high. */
  readonly area: Rect<'crop'>;
  /** The eyes to paint. */
  readonly eyes: readonly {
    readonly side: Side;
    readonly eye: EyeShape<'crop'>;
    readonly mask: EyeMaskShape<'crop'>;
  }[];
  /** Turn of the head as in `HeadPose`. */
  readonly yawRad: number;
  /** Of the person's own eyes; null: not known. */
  readonly iris: Rgb | null;
  /** Name of the photo. */
  readonly photoName: string;
  readonly settings: PaintSettings;
  readonly variations: readonly PaintVariation[];
}

export interface PaintRequest {
  readonly faces: readonly PaintFace[];
  readonly plan: PaintPlan;
}

/** An error as data: one variation's failure is not the others'. */
export interface PaintFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
}

export interface PaintedFace {
  /** In the order of the variations, without those that failed. */
  readonly candidates: readonly Candidate[];
  readonly failures: readonly PaintFailure[];
  /** What of a prompt was too long to be read; empty: nothing. */
  readonly cut: string;
}

export interface PaintResult {
  /** In the order of the request. */
  readonly faces: readonly PaintedFace[];
  /** How often each network was loaded. */
  readonly loads: Readonly<Partial<Record<PainterNetwork, number>>>;
  /** Of the whole call, of it within networks, and of it spent loading them. */
  readonly timesMs: { readonly total: number; readonly networks: number; readonly loading: number };
}

/** `reading`: everything before the first step, loading above all. */
export type PaintPhase = 'reading' | 'painting' | 'refining' | 'developing';

/** How far a painter is. */
export interface PaintNews {
  /** 0..1, never falls. */
  readonly done: number;
  readonly phase: PaintPhase;
  /** Null: not known yet. */
  readonly secondsLeft: number | null;
  /** How a face is going to look, small: the whole painted part. */
  readonly preview: {
    /** Index in the request. */
    readonly face: number;
    readonly picture: Raster<'paint'>;
  } | null;
}

/** From the face square into the painted part of it. */
export function toPaint(area: Rect<'crop'>, sidePx: number): Affine<'crop', 'paint'> {
  const scale = sidePx / area.width;
  return compose(shift<'crop', 'crop'>(-area.x, -area.y), scaling<'crop', 'paint'>(scale, scale));
}
