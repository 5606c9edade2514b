/** Landmarks of found faces, each at its own scale: an upright square, a mesh, a better square, a better mesh. */
import { type Detection, type FaceMesh, isTraced } from '../core/face';
import { apply, invert, type Point } from '../core/geometry';
import type { CropFrame, PhotoInfo } from '../core/photo';
import type { Engines } from '../engines/contracts';
import { inBatches } from './batches';
import { fivePoints } from './landmarks';

/** Side of the mesh network's input, px. */
const MESH_SIDE_PX = 256;
/** Side of the first square in box sides: 1.4 gave most faces and least drift of 1.3–1.7 on 84 faces. */
const BOX_MARGIN = 1.4;
/**
 * Further tries for hits that are surely heads: tighter for profiles, whose boxes hold much besides the face,
 * and tilted for heads so oblique that the detector's eye points are off.
 */
const RETRIES = [
  { margin: 1.15, tiltRad: 0 },
  { margin: BOX_MARGIN, tiltRad: 0.5 },
  { margin: BOX_MARGIN, tiltRad: -0.5 },
] as const;
const RETRY_SCORE = 0.8;
/** Side of the second square in mesh extents (MediaPipe's own margin). */
const MESH_MARGIN = 1.5;
/** Of the 478 points the first 468 are skin; the rest are irises. */
const SKIN_POINTS = 468;
/** Below this the first mesh is too poor to place a second square. */
const HOPELESS_PRESENCE = 0.05;

export interface Traced {
  readonly hit: Detection<'photo'>;
  readonly mesh: FaceMesh<'photo'>;
}

type Tracer = (frames: readonly CropFrame[]) => Promise<readonly FaceMesh<'photo'>[]>;

/** One mesh a hit, in order. A low `presence` says that no face could be traced there. */
export async function traceAll(
  photo: PhotoInfo,
  hits: readonly Detection<'photo'>[],
  engines: Pick<Engines, 'photo' | 'vision'>,
  signal: AbortSignal,
): Promise<readonly Traced[]> {
  const tracer: Tracer = (frames) =>
    inBatches(frames, async (some) => {
      const squares = await engines.photo.cut(photo.id, some, signal);
      const found = await engines.vision.landmarks(squares, signal);
      return found.map((mesh, i) => inPhoto(mesh, some[i]!));
    });
  const first = await refined(await tracer(hits.map((hit) => boxFrame(hit, BOX_MARGIN))), tracer);
  const traced = hits.map((hit, i) => ({ hit, mesh: first[i]! }));
  const missed = traced.filter(({ hit, mesh }) => !isTraced(mesh) && hit.score >= RETRY_SCORE);
  const frames = missed.flatMap(({ hit }) =>
    RETRIES.map(({ margin, tiltRad }) => boxFrame(hit, margin, tiltRad)),
  );
  const again = await refined(await tracer(frames), tracer);
  return traced.map((one) => {
    const at = missed.indexOf(one) * RETRIES.length;
    return at < 0 ? one : { ...one, mesh: again.slice(at, at + RETRIES.length).reduce(better, one.mesh) };
  });
}

/** The same meshes, traced again in squares placed by themselves where that is better. */
async function refined(
  meshes: readonly FaceMesh<'photo'>[],
  tracer: Tracer,
): Promise<readonly FaceMesh<'photo'>[]> {
  const hopeful = meshes.filter((mesh) => mesh.presence >= HOPELESS_PRESENCE);
  const again = await tracer(hopeful.map(meshFrame));
  const second = new Map(hopeful.map((mesh, i) => [mesh, again[i]!]));
  return meshes.map((mesh) => {
    const other = second.get(mesh);
    // At the rim of a photo the second square may lose what the first had.
    return other && (isTraced(other) || !isTraced(mesh)) ? other : mesh;
  });
}

function better(a: FaceMesh<'photo'>, b: FaceMesh<'photo'>): FaceMesh<'photo'> {
  return b.presence > a.presence ? b : a;
}

/** Square on a detector's box, rolled so that its eye points lie level, plus `tiltRad`. */
export function boxFrame({ box, points }: Detection<'photo'>, margin: number, tiltRad = 0): CropFrame {
  const [left, right] = points;
  const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const rollRad = Math.atan2(right.y - left.y, right.x - left.x) + tiltRad;
  return squareFrame(centre, Math.max(box.width, box.height) * margin, rollRad, MESH_SIDE_PX);
}

/** Square on a mesh: level eyes, centred on its extent. */
export function meshFrame(mesh: FaceMesh<'photo'>): CropFrame {
  const [left, right] = fivePoints(mesh);
  const rollRad = Math.atan2(right.y - left.y, right.x - left.x);
  const [cos, sin] = [Math.cos(rollRad), Math.sin(rollRad)];
  const skin = mesh.points.slice(0, SKIN_POINTS);
  const across = skin.map((p) => p.x * cos + p.y * sin);
  const down = skin.map((p) => p.y * cos - p.x * sin);
  const [x0, x1, y0, y1] = [Math.min(...across), Math.max(...across), Math.min(...down), Math.max(...down)];
  const [u, v] = [(x0 + x1) / 2, (y0 + y1) / 2];
  const centre = { x: u * cos - v * sin, y: u * sin + v * cos };
  return squareFrame(centre, Math.max(x1 - x0, y1 - y0) * MESH_MARGIN, rollRad, MESH_SIDE_PX);
}

/** A square of `sidePx` that shows `lengthPx` of the photo round `centre`, turned by `rollRad` (clockwise on screen). */
export function squareFrame(
  centre: Point<'photo'>,
  lengthPx: number,
  rollRad: number,
  sidePx: number,
): CropFrame {
  const scale = lengthPx / sidePx;
  const [a, c] = [Math.cos(rollRad) * scale, Math.sin(rollRad) * scale];
  const half = sidePx / 2;
  const toPhoto = {
    a,
    b: -c,
    c,
    d: a,
    tx: centre.x - (a - c) * half,
    ty: centre.y - (c + a) * half,
  };
  return { sidePx, toPhoto, toCrop: invert(toPhoto) };
}

/** A mesh of a square carried to the photo. */
export function inPhoto(mesh: FaceMesh<'crop'>, frame: CropFrame): FaceMesh<'photo'> {
  return { ...mesh, points: mesh.points.map((p) => apply(frame.toPhoto, p)) };
}
