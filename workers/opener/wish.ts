/** The pair of eyes that a seed stands for: one form, one gaze and one catchlight for both. */

import type { OpenRequest } from '../../src/core/opening';
import { uniform } from '../../src/core/random';
import { type EyeForm, turnToCamera, USUAL_FORM } from '../../src/pixels/eyeForm';
import { type OwnForm, ownForm } from './ownForm';

/** Where the light mirrors in both irises: from their centres to image-right and below, in iris radii. */
export interface Glint {
  readonly right: number;
  readonly below: number;
  /** 0..1 */
  readonly strength: number;
}

/** Whether the network sees the closed lid: it knows its skin, or is not led astray by lashes and paint. */
export type Lid = 'shown' | 'hidden';

export interface EyeWish {
  readonly lid: Lid;
  readonly form: EyeForm;
  /** How far both irises are turned to image-right, in corner distances. */
  readonly turn: number;
  readonly glint: Glint;
}

/** As most photos have it: the light comes from above, a little from image-left. */
const USUAL_GLINT: Glint = { right: -0.28, below: -0.3, strength: 0.6 };
/** How far eyes depart from the usual ones: people differ about twice as much. */
const SPREAD = { upper: 0.07, lower: 0.12, irisRadius: 0.04, gaze: 0.01 } as const;
/** The light may as well come from the other side, or from straight above. */
const GLINT_RIGHTS = [-0.28, 0.28, 0] as const;

/** Looks at the camera. @param openness 1: as eyes usually open */
export function usualWish(openness: number, yawRad: number, lid: Lid): EyeWish {
  return wishFor({ form: USUAL_FORM, turn: turnToCamera(yawRad) }, openness, lid);
}

/** From one seed to the next lids are hidden and shown in turn. @param seed 0..4294967295 */
export function eyeWish(
  { openSide, strip, openness, pose }: Pick<OpenRequest, 'openSide' | 'strip' | 'openness' | 'pose'>,
  seed: number,
): EyeWish {
  const next = uniform(seed);
  const around = (spread: number) => spread * (2 * next() - 1);
  const lid = seed % 2 === 0 ? 'hidden' : 'shown';
  const usual = openSide
    ? wishFor(ownForm(strip.eyes[openSide], openSide), openness, lid)
    : usualWish(openness, pose.yawRad, lid);
  // Both eyes of a person are alike.
  const form = openSide ? usual.form : spreadForm(usual.form, around);
  return {
    ...usual,
    form,
    turn: usual.turn + (openSide ? 0 : around(SPREAD.gaze)),
    glint: { ...USUAL_GLINT, right: GLINT_RIGHTS[Math.floor(next() * GLINT_RIGHTS.length)]! },
  };
}

function wishFor({ form, turn }: OwnForm, openness: number, lid: Lid): EyeWish {
  return { lid, form: { ...form, upper: form.upper * openness }, turn, glint: USUAL_GLINT };
}

function spreadForm(form: EyeForm, around: (spread: number) => number): EyeForm {
  return {
    ...form,
    upper: form.upper * (1 + around(SPREAD.upper)),
    lower: form.lower * (1 + around(SPREAD.lower)),
    irisRadius: form.irisRadius * (1 + around(SPREAD.irisRadius)),
  };
}
