/** How a painter's run fits the computer, in words. */
import type { Config } from '../../core/config';
import { asAppError } from '../../core/errors';
import { PAINTER_NETWORKS, type PaintPlan } from '../../core/painting';
import { orderOf } from '../../pipeline/paint';
import type { Painter } from '../../pipeline/painter';
import { planPainting } from '../../pipeline/paintPlan';
import { bytesWords } from '../shelf/bytesWords';
import { errorSentence } from '../words';

const NUMBERS = ['one model', 'two models', 'three models', 'four models', 'five models'] as const;
/** An estimate: more digits would pretend. */
const DIGITS = 2;

export function planWords({ sidePx, keeps, needsBytes }: PaintPlan): string {
  const memory = bytesWords(Number(needsBytes.toPrecision(DIGITS)));
  // The kept ones and one more: with all but one kept, that is all there are.
  const atOnce =
    keeps.length < PAINTER_NETWORKS.length - 1 ? `${NUMBERS[keeps.length]} at a time` : 'all models at once';
  return `Paints at ${sidePx} pixels; needs about ${memory} of graphics memory, ${atOnce}.`;
}

/** The plan by these settings, or why they cannot be had. */
export function planSentence(painter: Painter, config: Config): string {
  try {
    return planWords(planPainting(painter.facts, orderOf(painter, { config })));
  } catch (error) {
    return errorSentence(asAppError(error, 'internal'));
  }
}
