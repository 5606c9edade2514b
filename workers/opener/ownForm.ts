/** The form and gaze of a person's own open eye, for the other one to match. */
import type { EyeShape, Side } from '../../src/core/face';
import { clamp } from '../../src/core/units';
import { cornerFrame, lidLines, toFrame } from '../../src/pixels/cornerFrame';
import { type EyeForm, lidsAt, USUAL_FORM } from '../../src/pixels/eyeForm';

/** Places along the corner line, in corner distances, at which lids are measured: near the corners they say little. */
const PLACES = [-0.25, -0.15, -0.05, 0.05, 0.15, 0.25] as const;
/** How far a form may depart from the usual one: beyond, the mesh is wrong. */
const LEAST = 0.5;
const MOST = 1.6;
const MOST_TURN = 0.2;

export interface OwnForm {
  readonly form: EyeForm;
  /** How far its iris is turned to image-right from the usual place, in corner distances. */
  readonly turn: number;
}

/** @param eye an open one */
export function ownForm(eye: EyeShape<'strip'>, side: Side): OwnForm {
  const frame = cornerFrame(eye);
  const toTemple = side === 'left' ? 1 : -1;
  const heightsAt = lidLines(eye);
  const [upper, lower] = ([0, 1] as const).map((lid) => {
    const ratios = PLACES.map((u) => {
      const usual = lidsAt(USUAL_FORM, toTemple * u)[lid];
      return heightsAt(u * frame.widthPx)[lid] / frame.widthPx / usual;
    });
    return clamp(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length, LEAST, MOST);
  }) as [number, number];
  const iris = eye.iris && toFrame(frame, eye.iris.centre);
  const at = iris ? { u: iris.u / frame.widthPx, v: iris.v / frame.widthPx } : null;
  return {
    form: {
      ...USUAL_FORM,
      upper: upper * USUAL_FORM.upper,
      lower: lower * USUAL_FORM.lower,
      irisBelow: at ? clamp(at.v, 2 * USUAL_FORM.irisBelow, -USUAL_FORM.irisBelow) : USUAL_FORM.irisBelow,
    },
    turn: at ? clamp(at.u - toTemple * USUAL_FORM.irisToTemple, -MOST_TURN, MOST_TURN) : 0,
  };
}
