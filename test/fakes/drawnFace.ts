import type { EyeMaskShape } from '../../src/core/crop';
import { type EyeShape, type EyeState, SIDES, type Side } from '../../src/core/face';
import type { FaceSquare } from '../../src/core/generation';
import { point, type Space } from '../../src/core/geometry';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import { clamp } from '../../src/core/units';

export type Colour = readonly [number, number, number];

/** A face square of skin with two drawn eyes, without dense landmarks. All shares are of the side. */
export interface DrawnFace {
  readonly sidePx: number;
  readonly left: EyeState;
  readonly right: EyeState;
  readonly skin: Colour;
  /** Skin brightness at image-right over that at image-left. */
  readonly sideLight: number;
  /** Iris offset to image-right in corner distances, both eyes. */
  readonly look: number;
  /** Catchlight, from the iris centre in iris radii. */
  readonly glint: readonly [number, number];
  readonly yawRad: number;
  /** A dark lock of hair down across the eye of this side. */
  readonly bar: Side | null;
}

export const DRAWN: DrawnFace = {
  sidePx: 320,
  left: 'open',
  right: 'open',
  skin: [201, 154, 131],
  sideLight: 1,
  look: 0,
  glint: [-0.42, -0.36],
  yawRad: 0,
  bar: null,
};

export const EYE_WIDTH = 0.11;
export const IRIS_RADIUS = 0.0245;
const CENTRES: Readonly<Record<Side, readonly [number, number]>> = {
  right: [0.377, 0.468],
  left: [0.623, 0.469],
};
const UPPER = 0.021;
const LOWER = 0.014;
/** Temporal offset of a straight look, as in real faces. */
const TEMPORAL = 0.0065;
export const SCLERA: Colour = [226, 221, 216];
export const IRIS: Colour = [74, 92, 61];
const PUPIL: Colour = [17, 15, 19];
const LASH: Colour = [43, 31, 29];
const SAMPLES = 3;

export function irisCentre(face: DrawnFace, side: Side): { readonly x: number; readonly y: number } {
  const [cx, cy] = CENTRES[side];
  const temporal = side === 'right' ? -TEMPORAL : TEMPORAL;
  return { x: (cx + temporal + face.look * EYE_WIDTH) * face.sidePx, y: (cy - 0.006) * face.sidePx };
}

export function drawFace<S extends Space>(face: DrawnFace): FaceSquare<S> {
  const n = face.sidePx;
  const pixels = raster<S>(n, n);
  for (let y = 0; y < n; y++)
    for (let x = 0; x < n; x++) {
      const sum = [0, 0, 0];
      const samples = Math.abs(y / n - 0.468) < 0.05 ? SAMPLES : 1;
      for (let j = 0; j < samples; j++)
        for (let i = 0; i < samples; i++) {
          const colour = colourAt(face, (x + (i + 0.5) / samples) / n, (y + (j + 0.5) / samples) / n);
          for (let c = 0; c < 3; c++) sum[c]! += colour[c]!;
        }
      const k = (y * n + x) * CHANNELS;
      for (let c = 0; c < 3; c++) pixels.data[k + c] = sum[c]! / samples ** 2;
      pixels.data[k + 3] = 255;
    }
  return {
    pixels,
    eyes: { left: shapeOf<S>(face, 'left'), right: shapeOf<S>(face, 'right') },
    states: { left: face.left, right: face.right },
    pose: { yawRad: face.yawRad, pitchRad: 0, rollRad: 0 },
    landmarks: [],
  };
}

/** The masks of the crop stage, for a drawn face. */
export function drawnMasks(square: FaceSquare<'crop'>): Readonly<Record<Side, EyeMaskShape<'crop'>>> {
  const shape = (side: Side): EyeMaskShape<'crop'> => {
    const { corners, contour, brow } = square.eyes[side];
    const widthPx = corners[1].x - corners[0].x;
    return {
      centre: point((corners[0].x + corners[1].x) / 2, corners[0].y - 0.04 * widthPx),
      halfWidthPx: 0.675 * widthPx,
      halfHeightPx: 0.35 * widthPx,
      angleRad: 0,
      contour,
      dilatePx: 0.12 * widthPx,
      brow,
    };
  };
  return { left: shape('left'), right: shape('right') };
}

function lids(face: DrawnFace, side: Side, u: number): readonly [number, number] {
  const arch = 1 - (2 * u) ** 2;
  return face[side] === 'closed' ? [0.01 * arch, 0.0115 * arch] : [-UPPER * arch, LOWER * arch];
}

function shapeOf<S extends Space>(face: DrawnFace, side: Side): EyeShape<S> {
  const n = face.sidePx;
  const [cx, cy] = CENTRES[side];
  const at = (u: number, v: number) => point<S>((cx + u * EYE_WIDTH) * n, (cy + v) * n);
  const contour = Array.from({ length: 16 }, (_, i) => {
    const u = i <= 8 ? -0.5 + i / 8 : 0.5 - (i - 8) / 8;
    return at(u, lids(face, side, u)[i <= 8 ? 0 : 1]);
  });
  const centre = irisCentre(face, side);
  return {
    contour,
    corners: [contour[0]!, contour[8]!],
    iris: { centre: point<S>(centre.x, centre.y), radiusPx: IRIS_RADIUS * n },
    brow: [at(-0.7, -0.068), at(0, -0.079), at(0.7, -0.066)],
  };
}

function colourAt(face: DrawnFace, x: number, y: number): Colour {
  const light = 1 + (face.sideLight - 1) * clamp(x, 0, 1);
  const skin = face.skin.map((v) => clamp(v * light * (1 - 0.25 * (y - 0.5)), 0, 255)) as unknown as Colour;
  for (const side of SIDES) {
    const [cx, cy] = CENTRES[side];
    if (face.bar === side && Math.abs(x - cx - 0.3 * (y - cy)) < 0.035) return [24, 21, 27];
    const u = (x - cx) / EYE_WIDTH;
    if (Math.abs(u) > 0.5) continue;
    const [upper, lower] = lids(face, side, u);
    const v = y - cy;
    if (v > lower || v < upper - 0.005) continue;
    if (v < upper) return LASH;
    if (face[side] === 'closed') return LASH;
    return eyeballAt(face, side, x * face.sidePx, y * face.sidePx);
  }
  return skin;
}

function eyeballAt(face: DrawnFace, side: Side, px: number, py: number): Colour {
  const iris = irisCentre(face, side);
  const dx = (px - iris.x) / (IRIS_RADIUS * face.sidePx);
  const dy = (py - iris.y) / (IRIS_RADIUS * face.sidePx);
  if (Math.hypot(dx - face.glint[0], dy - face.glint[1]) < 0.2) return [252, 251, 253];
  const radius = Math.hypot(dx, dy);
  return radius < 0.42 ? PUPIL : radius < 1 ? IRIS : SCLERA;
}

/** Centre of the pixels that are near a colour, within a box round `near`; null when there are none. */
export function centreOf(
  picture: Raster<Space>,
  near: { readonly x: number; readonly y: number },
  reachPx: number,
  isIt: (r: number, g: number, b: number) => boolean,
): { readonly x: number; readonly y: number; readonly count: number; readonly aspect: number } | null {
  const xs: number[] = [];
  const ys: number[] = [];
  for (let y = Math.round(near.y - reachPx); y <= near.y + reachPx; y++)
    for (let x = Math.round(near.x - reachPx); x <= near.x + reachPx; x++) {
      const k = (y * picture.width + x) * CHANNELS;
      if (!isIt(picture.data[k]!, picture.data[k + 1]!, picture.data[k + 2]!)) continue;
      xs.push(x + 0.5);
      ys.push(y + 0.5);
    }
  if (xs.length === 0) return null;
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values) + 1;
  return { x: mean(xs), y: mean(ys), count: xs.length, aspect: spread(xs) / spread(ys) };
}
