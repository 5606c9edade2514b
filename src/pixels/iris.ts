/** The iris disc, measured on the pixels. */
import type { EyeShape } from '../core/face';
import { type Point, point, type Space } from '../core/geometry';
import type { Raster } from '../core/raster';
import { type CornerFrame, cornerFrame, fromFrame, type Iris, lidLines, toFrame } from './cornerFrame';
import { bicubicSampler } from './sample';

/** Human iris to palpebral width; measured 0.223 ± 0.01 on frontal faces. For meshes without iris points. */
const IRIS_TO_WIDTH = 0.223;
/** Search round the mesh's iris, in its radii. */
const CENTRE_REACH = 0.2;
/** Half the way along the lids that an iris can be from their middle, in corner distances. */
const OPENING_REACH = 0.3;
const RADIUS_FROM = 0.85;
const RADIUS_TO = 1.15;
/** Only the sides of the limbus are looked at (Daugman 2004): lids cover the rest. */
const ARC_RAD = 0.8;
const ARC_SAMPLES = 9;
/** Grey levels of contrast below which the mesh is believed rather than the pixels. */
const LEAST_CONTRAST = 10;
/** Grey levels by which a place one radius away from the mesh's must be better. */
const DISTANCE_COST = 20;

/**
 * The best ring of dark-to-bright near where the mesh sees the iris (integro-differential operator); over the whole
 * opening when the mesh has none or places it outside the lids. Null when nothing round shows.
 */
export function measureIris<S extends Space>(picture: Raster<S>, eye: EyeShape<S>): Iris<S> | null {
  const frame = cornerFrame(eye);
  const lids = lidLines(eye);
  const contrast = ringContrast(picture, eye);
  const given = eye.iris && isBetweenLids(eye.iris.centre, frame, lids) ? eye.iris : null;
  if (given) {
    const r = given.radiusPx;
    const found = search(given, contrast, CENTRE_REACH * r, CENTRE_REACH * r, 0.05 * r);
    return found.score < LEAST_CONTRAST ? given : { ...found.iris, sure: true };
  }
  const [upper, lower] = lids(0);
  const radiusPx = IRIS_TO_WIDTH * frame.widthPx;
  const middle: Iris<S> = { centre: fromFrame(frame, 0, (upper + lower) / 2), radiusPx };
  const found = search(middle, contrast, OPENING_REACH * frame.widthPx, 0.3 * radiusPx, 0.1 * radiusPx);
  return found.score < LEAST_CONTRAST ? null : { ...found.iris, sure: true };
}

function isBetweenLids<S extends Space>(
  p: Point<S>,
  frame: CornerFrame<S>,
  lids: (u: number) => readonly [number, number],
): boolean {
  const { u, v } = toFrame(frame, p);
  const [upper, lower] = lids(u);
  const slack = 0.08 * frame.widthPx;
  return Math.abs(u) < frame.widthPx / 2 && v > upper - slack && v < lower + slack;
}

/** Mean brightness step outwards over the sides of a ring, in grey levels; −∞ when lids leave too little of it. */
function ringContrast<S extends Space>(
  picture: Raster<S>,
  eye: EyeShape<S>,
): (x: number, y: number, radiusPx: number) => number {
  const frame = cornerFrame(eye);
  const lids = lidLines(eye);
  const luma = lumaSampler(picture);
  const halfStep = 0.12 * IRIS_TO_WIDTH * frame.widthPx;
  return (cx, cy, radiusPx) => {
    let sum = 0;
    let count = 0;
    for (let k = 0; k < 2 * ARC_SAMPLES; k++) {
      const angle =
        (((k % ARC_SAMPLES) + 0.5) / ARC_SAMPLES - 0.5) * 2 * ARC_RAD + (k < ARC_SAMPLES ? 0 : Math.PI);
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      const { u, v } = toFrame(frame, point<S>(cx + cos * radiusPx, cy + sin * radiusPx));
      const [upper, lower] = lids(u);
      if (v < upper + halfStep || v > lower - halfStep) continue;
      const outer = luma(cx + cos * (radiusPx + halfStep), cy + sin * (radiusPx + halfStep));
      const inner = luma(cx + cos * (radiusPx - halfStep), cy + sin * (radiusPx - halfStep));
      sum += Math.min(Math.max(outer - inner, -20), 60);
      count++;
    }
    return count < ARC_SAMPLES / 2 ? -Infinity : sum / count;
  };
}

function search<S extends Space>(
  start: Iris<S>,
  contrast: (x: number, y: number, radiusPx: number) => number,
  reachX: number,
  reachY: number,
  stepPx: number,
): { readonly iris: Iris<S>; readonly score: number } {
  const r = start.radiusPx;
  let iris = start;
  let score = -Infinity;
  for (let dy = -reachY; dy <= reachY + 1e-6; dy += stepPx)
    for (let dx = -reachX; dx <= reachX + 1e-6; dx += stepPx)
      for (let k = RADIUS_FROM; k <= RADIUS_TO + 1e-6; k += 0.05) {
        const cost =
          Math.abs(dy / r) + 0.5 * Math.min(1, Math.abs(dx / reachX)) * CENTRE_REACH + 0.5 * Math.abs(k - 1);
        const now = contrast(start.centre.x + dx, start.centre.y + dy, k * r) - DISTANCE_COST * cost;
        if (now <= score) continue;
        score = now;
        iris = { centre: point<S>(start.centre.x + dx, start.centre.y + dy), radiusPx: k * r };
      }
  return { iris, score };
}

function lumaSampler(picture: Raster<Space>): (x: number, y: number) => number {
  const sample = bicubicSampler(picture);
  const rgb = new Float64Array(3);
  return (x, y) => {
    sample(x, y, rgb);
    return 0.299 * rgb[0]! + 0.587 * rgb[1]! + 0.114 * rgb[2]!;
  };
}
