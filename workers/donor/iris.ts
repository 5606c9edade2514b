/** The iris disc, measured on the pixels. */
import type { EyeShape } from '../../src/core/face';
import { type Point, point, type Space } from '../../src/core/geometry';
import type { Raster } from '../../src/core/raster';
import { bicubicSampler } from '../../src/pixels/sample';
import { cornerFrame, type Iris, toFrame } from './plan';

/** Human iris to palpebral width; measured 0.223 ± 0.01 on frontal faces. For meshes without iris points. */
const IRIS_TO_WIDTH = 0.223;
/** Search round the mesh's iris, in its radii. */
const CENTRE_REACH = 0.2;
const RADIUS_FROM = 0.85;
const RADIUS_TO = 1.15;
/** Only the sides of the limbus are looked at (Daugman 2004): lids cover the rest. */
const ARC_RAD = 0.8;
const ARC_SAMPLES = 9;
/** Grey levels of contrast below which the mesh is believed rather than the pixels. */
const LEAST_CONTRAST = 8;
/** Grey levels by which a place one radius away from the mesh's must be better. */
const DISTANCE_COST = 20;

/** The best ring of dark-to-bright near where the mesh sees the iris (integro-differential operator). */
export function measureIris<S extends Space>(picture: Raster<S>, eye: EyeShape<S>): Iris<S> | null {
  const start = eye.iris;
  if (!start) return null;
  const frame = cornerFrame(eye);
  const lids = lidLines(eye);
  const luma = lumaSampler(picture);
  let best: Iris<S> = start;
  let bestScore = -Infinity;
  const r0 = start.radiusPx;
  const contrastAt = (centre: Point<S>, radiusPx: number): number => {
    const halfStep = 0.12 * r0;
    let sum = 0;
    let count = 0;
    for (let k = 0; k < 2 * ARC_SAMPLES; k++) {
      const angle =
        (((k % ARC_SAMPLES) + 0.5) / ARC_SAMPLES - 0.5) * 2 * ARC_RAD + (k < ARC_SAMPLES ? 0 : Math.PI);
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      const { u, v } = toFrame(frame, point<S>(centre.x + cos * radiusPx, centre.y + sin * radiusPx));
      const [upper, lower] = lids(u);
      if (v < upper + 0.1 * r0 || v > lower - 0.1 * r0) continue;
      const outer = luma(centre.x + cos * (radiusPx + halfStep), centre.y + sin * (radiusPx + halfStep));
      const inner = luma(centre.x + cos * (radiusPx - halfStep), centre.y + sin * (radiusPx - halfStep));
      sum += Math.min(Math.max(outer - inner, -20), 60);
      count++;
    }
    return count < ARC_SAMPLES / 2 ? -Infinity : sum / count;
  };
  for (let dy = -CENTRE_REACH; dy <= CENTRE_REACH + 1e-9; dy += 0.05) {
    for (let dx = -CENTRE_REACH; dx <= CENTRE_REACH + 1e-9; dx += 0.05) {
      for (let k = RADIUS_FROM; k <= RADIUS_TO + 1e-9; k += 0.05) {
        const centre = point<S>(start.centre.x + dx * r0, start.centre.y + dy * r0);
        const score =
          contrastAt(centre, k * r0) -
          DISTANCE_COST * (Math.abs(dy) + 0.5 * Math.abs(dx) + 0.5 * Math.abs(k - 1));
        if (score <= bestScore) continue;
        bestScore = score;
        best = { centre, radiusPx: k * r0 };
      }
    }
  }
  return bestScore < LEAST_CONTRAST ? start : best;
}

/** Stands in when the mesh has no iris points and the eye is open: middle of the lids. */
export function assumedRadiusPx(widthPx: number): number {
  return IRIS_TO_WIDTH * widthPx;
}

/** Upper and lower lid as heights over the corner line, by the place along it (px from its middle). */
export function lidLines<S extends Space>(
  eye: Pick<EyeShape<S>, 'contour' | 'corners'>,
): (u: number) => readonly [number, number] {
  const frame = cornerFrame(eye);
  const n = eye.contour.length;
  const ring = eye.contour.map((p) => toFrame(frame, p));
  const upper = ring.slice(0, n / 2 + 1);
  const lower = [...ring.slice(n / 2), ring[0]!].reverse();
  return (u) => [heightAt(upper, u), heightAt(lower, u)];
}

function heightAt(line: readonly { u: number; v: number }[], u: number): number {
  if (u <= line[0]!.u) return line[0]!.v;
  for (let i = 1; i < line.length; i++) {
    const p = line[i - 1]!;
    const q = line[i]!;
    if (u > q.u || q.u <= p.u) continue;
    return p.v + ((q.v - p.v) * (u - p.u)) / (q.u - p.u);
  }
  return line[line.length - 1]!.v;
}

function lumaSampler(picture: Raster<Space>): (x: number, y: number) => number {
  const sample = bicubicSampler(picture);
  const rgb = new Float64Array(3);
  return (x, y) => {
    sample(x, y, rgb);
    return 0.299 * rgb[0]! + 0.587 * rgb[1]! + 0.114 * rgb[2]!;
  };
}
