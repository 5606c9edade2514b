/** What a restorer is asked, and what becomes of a face: detail drawn by a network that knows faces. */

import type { ErrorCode, ErrorDetails } from './errors';
import type { Blended } from './generation';
import type { Device } from './look';
import type { CropFrame } from './photo';
import type { Plane, Raster } from './raster';

/** Restorers by the names of their packs, the better one first. */
export const RESTORERS = ['codeformer', 'gfpgan'] as const;
export type RestorerId = (typeof RESTORERS)[number];
/** Tells which parts of a face square are face; restorers do without it where it is not here. */
export const PARSER_PACK = 'parsenet';

export interface RestoreRequest {
  readonly restorer: RestorerId;
  readonly device: Device;
  /** 512 px, by the reference's alignment. */
  readonly square: Raster<'crop'>;
  /** 0: the network's best guess at a good face; 1: as near as it can to this one. */
  readonly fidelity: number;
  /** Also say which parts are face, where the parser's pack is here. */
  readonly parse: boolean;
}

export interface RestoredSquare {
  /** 512 px, opaque. */
  readonly face: Raster<'crop'>;
  /** 1: face, 0: hair, hat, clothes, background. Null: nobody looked. */
  readonly parsed: Plane<'0..1'> | null;
  /** How far the face moved: mean distance of both squares at an eighth of their size, without their rim, codes. */
  readonly movedCodes: number;
  /** The network takes no notice of the fidelity. */
  readonly fixed: boolean;
}

/** `opening`: the network is being read. */
export type RestorePhase = 'opening' | 'restoring';

/** A square that lies over a photo, and how it lies. */
export interface Laid {
  readonly frame: CropFrame;
  readonly square: Blended;
}

/** `eyes`: what was opened, and nothing else. `face`: the whole face. */
export type RestoreExtent = 'eyes' | 'face';

/** Why the guard did not take what the restorer made. */
export type RestoreObjection = 'eyes-closed' | 'iris-colour' | 'another-face';

/** What a person should know of a face that was to be restored. */
export type RestoreNote =
  | { readonly outcome: 'restored'; readonly fidelity: number; readonly objection: RestoreObjection | null }
  /** Nothing was kept, the face is as it was before. */
  | { readonly outcome: 'refused'; readonly objection: RestoreObjection }
  /** More is lost than gained. */
  | { readonly outcome: 'left-alone'; readonly because: 'too-small' | 'too-large' | 'nothing-there' }
  | { readonly outcome: 'failed'; readonly code: ErrorCode; readonly details: ErrorDetails };
