/** Which open eye of a source serves which closed one, and whether it may. */
import { SIDES, type Side } from '../../src/core/face';
import type { DonorSource, GenerationRequest, NoCandidateReason } from '../../src/core/generation';
import { cornerFrame } from '../../src/pixels/cornerFrame';
import { likenessOf } from './likeness';

/** Heads turned further apart than this do not share an eye. */
const MOST_TURN_RAD = 0.5;
/** Beyond this yaw one eye of a face is no model for the other: the far eye shows too little for the near one. */
const MOST_YAW_FAR_FROM_NEAR_RAD = 0.5;
const MOST_YAW_NEAR_FROM_FAR_RAD = 0.36;
/** An eye of fewer px between its corners has no iris to speak of. */
const LEAST_EYE_PX = 9;

export interface Pick {
  readonly side: Side;
  readonly sourceSide: Side;
}

/** For every side the open eye of the source that serves it; null when one finds none. */
export function pickEyes(request: GenerationRequest, source: DonorSource): readonly Pick[] | null {
  const usable = SIDES.filter(
    (side) =>
      source.square.states[side] !== 'closed' &&
      !(source.kind === 'other-eye' && request.sides.includes(side)),
  );
  const best = usable.find((side) => source.square.states[side] === 'open') ?? usable[0];
  if (!best || request.sides.length === 0) return null;
  return request.sides.map((side) => ({ side, sourceSide: serves(source, side) ? side : best }));
  function serves(donor: DonorSource, side: Side): boolean {
    return (
      usable.includes(side) && (donor.square.states[side] === 'open' || donor.square.states[best!] !== 'open')
    );
  }
}

export function unfit(
  request: GenerationRequest,
  source: DonorSource,
  picks: readonly Pick[],
): NoCandidateReason | null {
  if (picks.some((pick) => isTooTurned(pick, source.square.pose.yawRad))) return 'pose-too-different';
  if (source.kind === 'other-photo' && likenessOf(request.target, source.square).turnRad > MOST_TURN_RAD)
    return 'pose-too-different';
  const small = (pick: Pick) => cornerFrame(source.square.eyes[pick.sourceSide]).widthPx < LEAST_EYE_PX;
  return picks.some(small) ? 'source-too-small' : null;
}

/** Yaw > 0: the nose points to image-right, the subject's right eye is the near one. */
function isTooTurned(pick: Pick, yawRad: number): boolean {
  if (pick.side === pick.sourceSide) return false;
  const near: Side = yawRad > 0 ? 'right' : 'left';
  const most = pick.side === near ? MOST_YAW_NEAR_FROM_FAR_RAD : MOST_YAW_FAR_FROM_NEAR_RAD;
  return Math.abs(yawRad) > most;
}
