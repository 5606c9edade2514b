/** Open, closed or unsure: three measures of the lid ring vote. Numbers in, decision out. */
import type { Config } from '../core/config';
import {
  type EyeMeasure,
  type EyeShape,
  type EyeVerdict,
  isTraced,
  type Side,
  type VerdictReason,
} from '../core/face';
import { distance, midpoint, polygonArea } from '../core/geometry';
import { clamp, REFERENCE_EYE_DISTANCE_PX } from '../core/units';
import { aspectRatio, lidArch } from './landmarks';

type Eyes = Readonly<Record<Side, EyeShape<'photo'>>>;
type Vote = Pick<EyeVerdict, 'state' | 'reason'>;

/** Corner distance of an eye in eye-centre distances on the mean face (spec E.2). */
const EYE_WIDTH = 0.4384;
/** One eye so much wider than the other: the head is turned and the narrower one says nothing (spec E.4). */
const TURNED_WIDTH_RATIO = 1.6;
/** Below this distance of the eye centres, in photo px, a lid is thinner than the mesh's error. */
const SMALLEST_EYE_DISTANCE_PX = 12;
/** Below this distance lids blur together: laughing eyes voted down to −0.52, closed ones stayed below −0.81. */
const BLURRED_EYE_DISTANCE_PX = 24;
const BLURRED_CLOSED_BELOW = -0.67;
const CLOSED_BELOW = 0;
/**
 * Arch of the upper lid above the corner line, in corner distances: a closed lid hangs on the lower one, a laughing
 * eye is as narrow but arched. Measured on labelled photos: closed −0.15 to 0.09, open from 0.11.
 */
const CLOSED_ARCH = 0.07;
const OPEN_ARCH = 0.13;
/** A vote counts at most so far beyond its limits (in widths of the unsure band), so that one cannot outvote the others. */
const WIDEST_VOTE = { low: -1, high: 2 } as const;
/** Mean vote from which an eye is open: nearer to the open limit than to the closed one. */
const OPEN_FROM = 0.5;

/** Verdicts of both eyes. `presence` is the mesh's probability of a face. */
export function verdictsOf(
  eyes: Eyes,
  presence: number,
  config: Config['detection'],
): Readonly<Record<Side, EyeVerdict>> {
  const eyeDistancePx = distance(midpoint(...eyes.left.corners), midpoint(...eyes.right.corners));
  const closedBelow = eyeDistancePx < BLURRED_EYE_DISTANCE_PX ? BLURRED_CLOSED_BELOW : CLOSED_BELOW;
  const judge = (side: Side, other: Side): EyeVerdict => {
    const measure = measureOf(eyes[side], eyeDistancePx);
    if (config.legacyArea) return { ...measure, ...legacyVote(measure, config) };
    const doubt = doubtOf(eyes[side], eyes[other], eyeDistancePx, presence);
    return {
      ...measure,
      ...(doubt ? { state: 'unsure', reason: doubt } : vote(eyes[side], measure, closedBelow, config)),
    };
  };
  return { left: judge('left', 'right'), right: judge('right', 'left') };
}

/** The original system's whole rule. */
function legacyVote({ areaPhotoPx }: EyeMeasure, config: Config['detection']): Vote {
  return areaPhotoPx < config.closedArea
    ? { state: 'closed', reason: 'lids-together' }
    : { state: 'open', reason: 'lids-apart' };
}

/**
 * Verdicts of other landmarks on the same eyes decide where the first ones were between the limits, and where both are
 * sure of different things nobody is. The legacy rule asks nobody else.
 */
export function secondVotes(
  first: Readonly<Record<Side, EyeVerdict>>,
  second: Readonly<Record<Side, EyeVerdict>>,
  config: Config['detection'],
): Readonly<Record<Side, EyeVerdict>> {
  if (config.legacyArea) return first;
  return { left: secondVote(first.left, second.left), right: secondVote(first.right, second.right) };
}

function secondVote(first: EyeVerdict, second: EyeVerdict): EyeVerdict {
  if (second.state === 'unsure' || first.state === second.state) return first;
  if (first.state !== 'unsure') return { ...first, state: 'unsure', reason: 'measures-disagree' };
  const undecided = first.reason === 'between-the-limits' || first.reason === 'measures-disagree';
  return undecided ? { ...first, state: second.state, reason: second.reason } : first;
}

export function measureOf(eye: EyeShape<'photo'>, eyeDistancePx: number): EyeMeasure {
  const areaPhotoPx = polygonArea(eye.contour);
  return {
    areaPhotoPx,
    areaPx512: areaPhotoPx * (REFERENCE_EYE_DISTANCE_PX / eyeDistancePx) ** 2,
    aspectRatio: aspectRatio(eye),
  };
}

function doubtOf(
  eye: EyeShape<'photo'>,
  other: EyeShape<'photo'>,
  eyeDistancePx: number,
  presence: number,
): VerdictReason | null {
  if (!isTraced({ presence })) return 'eye-turned-away';
  if (eyeDistancePx < SMALLEST_EYE_DISTANCE_PX) return 'too-small';
  if (distance(...other.corners) > TURNED_WIDTH_RATIO * distance(...eye.corners)) return 'eye-turned-away';
  return null;
}

/**
 * Each measure is placed between its closed limit (0) and its open limit (1); the mean decides:
 * below `closedBelow` closed, from 0.5 open, unsure between. A turned head brings the eye centres together and so
 * inflates the area: the smaller of that and the area by the eye's own width counts.
 */
function vote(
  eye: EyeShape<'photo'>,
  measure: EyeMeasure,
  closedBelow: number,
  config: Config['detection'],
): Vote {
  const ownScale = (EYE_WIDTH * REFERENCE_EYE_DISTANCE_PX) / distance(...eye.corners);
  const area = Math.min(measure.areaPx512, measure.areaPhotoPx * ownScale ** 2);
  const byArea = place(area, config.closedArea, config.unsureArea);
  const byRatio = place(measure.aspectRatio, config.closedAspectRatio, config.unsureAspectRatio);
  const byArch = place(lidArch(eye), CLOSED_ARCH, OPEN_ARCH);
  const votes = [byArea, byRatio, byArch];
  const mean = votes.reduce((sum, value) => sum + value, 0) / votes.length;
  if (mean < closedBelow) return { state: 'closed', reason: 'lids-together' };
  if (mean >= OPEN_FROM) return { state: 'open', reason: 'lids-apart' };
  const disagree = Math.min(...votes) < 0 && Math.max(...votes) >= 1;
  return {
    state: 'unsure',
    reason: disagree ? 'measures-disagree' : 'between-the-limits',
  };
}

/** 0 at `closed`, 1 at `open`. A band without width is a step. */
function place(value: number, closed: number, open: number): number {
  const { low, high } = WIDEST_VOTE;
  if (open <= closed) return value < closed ? low : high;
  return clamp((value - closed) / (open - closed), low, high);
}
