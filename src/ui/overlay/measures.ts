/** What the overlay says of a face: which points, which numbers, and in how many words for the room there is. */
import type { Config } from '../../core/config';
import { type EyeState, type EyeVerdict, type Face, SIDES, type Side } from '../../core/face';
import { midpoint, type Point } from '../../core/geometry';
import { SIDE_NAMES, STATES } from '../words';

type Limits = Config['detection'];

/** How much is said. Full: a table with names; short: the numbers with their limits; least: state and area. */
export type Detail = 'full' | 'short' | 'least';

/** Least width of a face box, px of the page, for each amount of detail; richest first. */
const ROOM_PX: readonly (readonly [Detail, number])[] = [
  ['full', 150],
  ['short', 72],
  ['least', 40],
];
/** From this width the box has its number, and from the next one the detector's score beside it. */
const NUMBER_FROM_PX = 22;
const SCORE_FROM_PX = 84;

/** The numbers of one eye, one a row. */
export interface EyeColumn {
  readonly side: Side;
  readonly state: EyeState;
  readonly rows: readonly string[];
}

/** A plate of numbers, column by column; `names` says what its rows are, where there is room for that. */
export interface Plate {
  readonly names: readonly string[] | null;
  readonly columns: readonly EyeColumn[];
}

/** The dense landmarks: InsightFace's own where they are known, as the eyes were measured on them. */
export function densePoints(face: Face): readonly Point<'photo'>[] {
  return face.points106 ?? face.mesh.points;
}

/** Number and score, as the box is marked with them; empty: no room. */
export function titleOf(face: Face, boxWidthPx: number): string {
  if (boxWidthPx < NUMBER_FROM_PX) return '';
  const number = String(face.index + 1);
  return boxWidthPx < SCORE_FROM_PX ? number : `${number} · ${Math.round(face.score * 100)} %`;
}

/** Every plate that a box of this width may have, richest first. */
export function platesOf(face: Face, limits: Limits, boxWidthPx: number): readonly Plate[] {
  return ROOM_PX.filter(([, from]) => boxWidthPx >= from).map(([detail]) => plateOf(face, limits, detail));
}

/** Columns stand as the eyes do in the picture, whichever way up the face is. */
export function plateOf(face: Face, limits: Limits, detail: Detail): Plate {
  const x = (side: Side) => midpoint(...face.eyes[side].corners).x;
  const names = ['', '', limits.legacyArea ? 'px² of photo' : 'px² at 512', 'ratio'];
  return {
    names: detail === 'full' ? names : null,
    columns: SIDES.toSorted((a, b) => x(a) - x(b)).map((side) => {
      const verdict = face.verdicts[side];
      return { side, state: verdict.state, rows: rowsOf(side, verdict, limits, detail) };
    }),
  };
}

function rowsOf(side: Side, verdict: EyeVerdict, limits: Limits, detail: Detail): readonly string[] {
  const { legacyArea, closedArea } = limits;
  const area = legacyArea ? verdict.areaPhotoPx : verdict.areaPx512;
  const state = STATES[verdict.state];
  if (detail === 'least') return [state, String(Math.round(area))];
  const told = verdict.reason === 'overruled' && detail === 'full' ? `${state}, as you said` : state;
  // The legacy rule has one limit, and no ratio.
  const numbers = legacyArea
    ? [compared(area, closedArea, closedArea, 0), verdict.aspectRatio.toFixed(2)]
    : [
        compared(area, closedArea, limits.unsureArea, 0),
        compared(verdict.aspectRatio, limits.closedAspectRatio, limits.unsureAspectRatio, 2),
      ];
  return detail === 'full' ? [SIDE_NAMES[side], told, ...numbers] : [told, ...numbers];
}

/** A number with the limit that it passed or missed: closed below the first, open from the second. */
function compared(value: number, closed: number, open: number, digits: number): string {
  if (value < closed) return `${below(value, closed, digits)} < ${closed}`;
  if (value < open) return `${below(value, open, digits)} < ${open}`;
  return `${value.toFixed(digits)} ≥ ${Math.max(closed, open)}`;
}

/** 259.9 rounds down where the limit is 260: nobody reads "260 < 260". */
function below(value: number, limit: number, digits: number): string {
  const rounded = value.toFixed(digits);
  return Number(rounded) < limit ? rounded : (value - 0.5 * 0.1 ** digits).toFixed(digits);
}
