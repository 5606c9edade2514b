/** One number for how well a donor fits, and the reasons for it. */
import type { CandidateNote, DonorSource } from '../../src/core/generation';
import type { Likeness } from './likeness';

export interface Findings {
  readonly kind: DonorSource['kind'];
  readonly likeness: Likeness;
  /** Of the target. */
  readonly yawRad: number;
  /** Largest |log ratio| of the skin's brightness. */
  readonly light: number;
  /** Share of the surroundings where the two show different things. */
  readonly strange: number;
  readonly softer: boolean;
  /** Corner distances. */
  readonly gazeShift: number;
  readonly mirrored: boolean;
  readonly unsure: boolean;
}

/** Limits under which the difference is not seen, and from which it is. */
const SAME_TURN_RAD = 0.12;
const OTHER_TURN_RAD = 0.3;
const SAME_EXPRESSION = 0.012;
const SAME_LIGHT = 0.3;
const OTHER_LIGHT = 0.8;
const STRANGE_SEEN = 0.3;
const SHIFT_SEEN = 0.05;

/** 1 = nothing to say against it. The weights order what a person minds most: wrong turn, then light, then softness. */
export function rankOf(found: Findings): { readonly rank: number; readonly notes: readonly CandidateNote[] } {
  const notes: CandidateNote[] = [];
  const { light, strange } = found;
  let rank = 1;
  if (found.kind === 'other-photo') {
    const { turnRad, expression } = found.likeness;
    rank -= turnRad + 4 * (expression ?? SAME_EXPRESSION);
    if (turnRad < SAME_TURN_RAD) notes.push('same-pose');
    if (turnRad > OTHER_TURN_RAD) notes.push('different-pose');
    if (expression !== null && expression < SAME_EXPRESSION) notes.push('same-expression');
    if (light < SAME_LIGHT) notes.push('same-light');
  }
  if (found.mirrored) rank -= 0.1 + 0.5 * Math.abs(found.yawRad);
  if (light > OTHER_LIGHT) notes.push('different-light');
  rank -= 0.12 * light + 0.8 * strange;
  if (found.gazeShift > SHIFT_SEEN) notes.push('gaze-shifted');
  rank -= 0.5 * found.gazeShift;
  if (found.softer) notes.push('softer-than-photo');
  if (found.softer) rank -= 0.15;
  if (found.unsure) rank -= 0.1;
  if (strange > STRANGE_SEEN) notes.push('glasses-near');
  return { rank, notes };
}
