/**
 * Whose open eye may stand in for a closed one, best first.
 * STUB by the lead: types are agreed with generate.ts; the donor owner fills the function.
 */
import type { Face, Side } from '../core/face';
import type { DonorSource } from '../core/generation';
import type { PhotoInfo } from '../core/photo';

/** An opened photo with its faces. */
export interface KnownPhoto {
  readonly photo: PhotoInfo;
  readonly faces: readonly Face[];
}

/** A person's word on who is who: the face of another photo that is the same person as the target (null: nobody). */
export interface Match {
  readonly face: number;
  readonly donorPhoto: PhotoInfo['id'];
  readonly donorFace: number | null;
}

export interface DonorChoice {
  readonly kind: DonorSource['kind'];
  readonly photo: PhotoInfo;
  readonly face: Face;
  /** 0..1, higher is better. */
  readonly score: number;
}

/** @param matches a person's overrules; they win over the shape match. */
export function donorsFor(
  target: Face,
  sides: readonly Side[],
  self: KnownPhoto,
  others: readonly KnownPhoto[],
  matches: readonly Match[] = [],
): readonly DonorChoice[] {
  throw new Error(
    `not written yet ${target.index} ${sides.length} ${self.faces.length} ${others.length} ${matches.length}`,
  );
}
