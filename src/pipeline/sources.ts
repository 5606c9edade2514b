/**
 * Whose open eye may stand in for a closed one, best first. Light and sharpness are for the generator, which
 * sees pixels; here speak turn of the head, expression, size and time.
 */
import { type Face, SIDES, type Side } from '../core/face';
import type { DonorSource } from '../core/generation';
import type { PhotoInfo } from '../core/photo';
import { samePerson } from './persons';
import { expressionGap, faceSizePx, turnBetween } from './resemblance';

/** An opened photo with its faces. */
export interface KnownPhoto {
  readonly photo: PhotoInfo;
  readonly faces: readonly Face[];
  /** A person handed it in as a photo of the same people. */
  readonly vouched?: boolean;
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
  /** A person pointed at this face: it goes before every other. */
  readonly named: boolean;
}

/** Heads turned this far apart halve and more the score: at 0.5 rad an eye has another shape. */
const TURN_SCALE_RAD = 0.25;
/** Mouth points this far apart (eye distances): a smile against a straight face. */
const EXPRESSION_SCALE = 0.25;
/** Faces half as large give half the detail. */
const SIZE_SCALE = 1;
/** Frames of a burst lie seconds apart; make-up, light and hair change within the hour. */
const TIME_SCALE_MS = 3_600_000;
/** A mirrored eye is the right person in the right light, but a mirror; the more the head is turned the less. */
const MIRROR_SCORE = 0.7;
const MIRROR_YAW_RAD = 0.6;
/** An eye whose verdict is unsure, or one open eye for two closed ones. */
const UNSURE_SCORE = 0.6;
const ONE_FOR_TWO_SCORE = 0.5;

/**
 * One choice a photo, best score first: the face's own other eye when it may serve, and the same person in every
 * other photo with an open eye. Two closed eyes are always served by one donor face.
 * @param matches a person's overrules: they win over likeness, and come first.
 */
export function donorsFor(
  target: Face,
  sides: readonly Side[],
  self: KnownPhoto,
  others: readonly KnownPhoto[],
  matches: readonly Match[] = [],
): readonly DonorChoice[] {
  if (sides.length === 0) return [];
  const choices: DonorChoice[] = [];
  const own = ownEyeScore(target, sides);
  if (own > 0) choices.push({ kind: 'other-eye', photo: self.photo, face: target, score: own, named: false });
  for (const other of others) {
    if (other.photo.id === self.photo.id) continue;
    const said = matches.find((match) => match.face === target.index && match.donorPhoto === other.photo.id);
    const face = said
      ? other.faces.find(({ index }) => index === said.donorFace)
      : samePerson(target, self, other);
    const score = face ? donorScore(target, sides, self.photo, face, other.photo) : 0;
    const named = said !== undefined;
    if (face && score > 0) choices.push({ kind: 'other-photo', photo: other.photo, face, score, named });
  }
  return choices.sort((a, b) => Number(b.named) - Number(a.named) || b.score - a.score);
}

function ownEyeScore(target: Face, sides: readonly Side[]): number {
  const spare = SIDES.find((side) => !sides.includes(side));
  const state = spare && target.verdicts[spare].state;
  if (!state || state === 'closed') return 0;
  const turned = Math.exp(-((target.pose.yawRad / MIRROR_YAW_RAD) ** 2));
  return MIRROR_SCORE * turned * (state === 'open' ? 1 : UNSURE_SCORE);
}

function donorScore(
  target: Face,
  sides: readonly Side[],
  photo: PhotoInfo,
  donor: Face,
  donorPhoto: PhotoInfo,
): number {
  const turn = Math.exp(-((turnBetween(target, donor) / TURN_SCALE_RAD) ** 2) / 2);
  const expression = Math.exp(-expressionGap(target, donor) / EXPRESSION_SCALE / 2);
  const smaller = Math.max(0, Math.log2(faceSizePx(target) / faceSizePx(donor)));
  const size = Math.exp(-smaller / SIZE_SCALE / 2);
  const apartMs = apart(photo, donorPhoto);
  const time = apartMs === null ? 0.9 : 0.8 + 0.2 * Math.exp(-apartMs / TIME_SCALE_MS);
  return openness(sides, donor) * turn * expression * size * time;
}

function openness(sides: readonly Side[], donor: Face): number {
  const open = (side: Side) => donor.verdicts[side].state === 'open';
  if (sides.every(open)) return 1;
  if (SIDES.some(open)) return sides.length === 1 ? MIRROR_SCORE : ONE_FOR_TWO_SCORE;
  return sides.some((side) => donor.verdicts[side].state === 'unsure') ? UNSURE_SCORE * ONE_FOR_TWO_SCORE : 0;
}

function apart(a: PhotoInfo, b: PhotoInfo): number | null {
  if (!a.takenAt || !b.takenAt) return null;
  const apartMs = Math.abs(Date.parse(a.takenAt) - Date.parse(b.takenAt));
  return Number.isFinite(apartMs) ? apartMs : null;
}
