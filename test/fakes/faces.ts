import { FFHQ_TEMPLATE } from '../../src/core/crop';
import type { EyeShape, EyeState, Face, Side } from '../../src/core/face';
import { type Affine, apply, type Point, type Space } from '../../src/core/geometry';
import type { PhotoInfo } from '../../src/core/photo';
import { EYES } from '../../src/pipeline/landmarks';

export interface FaceShape {
  readonly index: number;
  /** Top-left of the FFHQ square in the photo. */
  readonly x: number;
  readonly y: number;
  readonly sidePx: number;
  readonly rollRad?: number;
  /** Faces of one number are one person, of two numbers strangers. */
  readonly person?: number;
  readonly left: EyeState;
  readonly right: EyeState;
}

/** A face drawn by the FFHQ template: eyes with 16-point rings, flat brows, a mesh of its own. */
export function makeFace(shape: FaceShape): Face {
  const { x, y, sidePx, rollRad = 0 } = shape;
  const cos = Math.cos(rollRad) * sidePx;
  const sin = Math.sin(rollRad) * sidePx;
  const toPhoto: Affine<'crop', 'photo'> = { a: cos, b: -sin, c: sin, d: cos, tx: x, ty: y };
  const points = FFHQ_TEMPLATE.map((p) => apply(toPhoto, p)) as unknown as Face['points'];
  const eye = (centre: Point<'crop'>, state: EyeState) => drawnEye(toPhoto, centre, state, sidePx);
  const verdict = (state: EyeState) => ({
    state,
    reason: state === 'open' ? ('lids-apart' as const) : ('lids-together' as const),
    areaPx512: state === 'open' ? 590 : state === 'closed' ? 91 : 290,
    areaPhotoPx: state === 'open' ? 613 : state === 'closed' ? 97 : 307,
    aspectRatio: state === 'open' ? 0.29 : state === 'closed' ? 0.07 : 0.18,
  });
  return {
    index: shape.index,
    box: { x: x + sidePx * 0.2, y: y + sidePx * 0.2, width: sidePx * 0.6, height: sidePx * 0.7 },
    score: 0.93,
    foundBy: 'embedded',
    points,
    mesh: { layout: 'mediapipe-478', points: meshPoints(toPhoto, shape), presence: 0.99 },
    pose: { yawRad: 0, pitchRad: 0, rollRad },
    eyes: { right: eye(FFHQ_TEMPLATE[0], shape.right), left: eye(FFHQ_TEMPLATE[1], shape.left) },
    verdicts: { left: verdict(shape.left), right: verdict(shape.right) },
    ...(shape.person === undefined
      ? {}
      : { identity: Float32Array.from({ length: 128 }, (_, i) => (i === shape.person ? 0.6 : 0.01 * i)) }),
  };
}

/** A mesh on the unit square scaled by `map`: eyes as `drawnEye`, all other points on a circle round the face. */
export function meshPoints<T extends Space>(
  map: Affine<'crop', T>,
  states: Readonly<Record<Side, EyeState>>,
): Point<T>[] {
  const points = Array.from({ length: 478 }, (_, i) =>
    apply(map, { x: 0.5 + 0.3 * Math.cos(i), y: 0.55 + 0.35 * Math.sin(i) }),
  );
  for (const side of ['right', 'left'] as const) {
    const centre = FFHQ_TEMPLATE[side === 'right' ? 0 : 1];
    const drawn = drawnEye(map, centre, states[side], 1);
    EYES[side].ring.forEach((index, i) => {
      points[index] = drawn.contour[i]!;
    });
    EYES[side].iris.forEach((index, i) => {
      const turn = (i * Math.PI) / 2;
      const radius = i === 0 ? 0 : 0.024;
      points[index] = apply(map, {
        x: centre.x + radius * Math.cos(turn),
        y: centre.y + radius * Math.sin(turn),
      });
    });
  }
  return points;
}

function drawnEye<T extends Space>(
  map: Affine<'crop', T>,
  centre: Point<'crop'>,
  state: EyeState,
  sidePx: number,
): EyeShape<T> {
  const open = state === 'open' ? 0.03 : state === 'closed' ? 0.004 : 0.014;
  const at = (px: number, py: number) => apply(map, { x: centre.x + px, y: centre.y + py });
  const contour = Array.from({ length: 16 }, (_, i) => {
    const turn = Math.PI + (i / 16) * 2 * Math.PI;
    return at(Math.cos(turn) * 0.055, Math.sin(turn) * open);
  });
  return {
    contour,
    corners: [at(-0.055, 0), at(0.055, 0)],
    iris: state === 'open' ? { centre: at(0, 0), radiusPx: 0.024 * sidePx } : null,
    brow: [at(-0.08, -0.09), at(0, -0.1), at(0.08, -0.09)],
  };
}

export function makePhoto(id: string, width = 800, height = 600): PhotoInfo {
  return {
    id,
    name: `${id}.jpg`,
    format: 'jpeg',
    width,
    height,
    fileBytes: 12_345,
    hasAlpha: false,
    colourProfile: null,
    hasGps: false,
    takenAt: null,
    jpegQuality: 91,
    notices: [],
  };
}
