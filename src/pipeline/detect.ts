/** Stage `detect`: every face of a photo with its landmarks and eye verdicts. */
import type { Config } from '../core/config';
import { type Face, isTraced } from '../core/face';
import type { Point, Rect } from '../core/geometry';
import type { Detector } from '../core/look';
import { overlapOf } from '../core/overlap';
import type { CropFrame, PhotoInfo } from '../core/photo';
import type { Engines } from '../engines/contracts';
import { fivePoints } from './landmarks';
import { lookTurned, lookUpright } from './looks';
import { boundingBox, grown, wholeOf } from './passes';
import { points106Of } from './points106';
import { poseOf } from './pose';
import { type Sight, sightOf } from './sight';
import { type Traced, traceAll } from './trace';
import { judged } from './votes';

const CERTAIN_PRESENCE = 0.99;
const SMALL_FACE_PX = 48;
/** Two meshes whose extents overlap by more (of their union), or boxes (of the smaller), are one face. */
const SAME_MESH = 0.5;
const SAME_BOX = 0.6;
/** A hit's surroundings that are looked at sideways, in box sides. */
const TURNED_NEIGHBOURHOOD = 3;
/** Neighbourhoods that are looked at turned: each costs as much as a look at a small photo. */
const MOST_TURNED = 20;

/**
 * @returns faces in reading order, `index` = position; empty when there is none.
 * @throws AppError FACE_DET_001 when a network failed, and as `VisionEngine.ready`; AbortError.
 */
export async function findFaces(
  photo: PhotoInfo,
  engines: Pick<Engines, 'photo' | 'vision'>,
  config: Config['detection'],
  signal: AbortSignal,
): Promise<readonly Face[]> {
  const detector = await engines.vision.ready(config, signal);
  const sight = sightOf(detector, config);
  const hits = await lookUpright(photo, sight, engines, signal);
  const upright = await traceAll(photo, hits, engines, signal);
  const areas = turnedAreas(photo, upright, sight);
  const turnedHits = await lookTurned(photo, areas, sight, engines, signal);
  const turned = await traceAll(photo, turnedHits, engines, signal);
  // Upright wins: a turned look also sees upright neighbours, upside down. Untraced, only upright heads are believed.
  const lying = turned.filter(({ mesh }) => isTraced(mesh));
  const found = believed(lying, believed(upright, [], sight), sight);
  const cut = (frames: readonly CropFrame[]) => engines.photo.cut(photo.id, frames, signal);
  const hitsFound = found.map(({ hit }) => hit);
  const points =
    detector === 'buffalo_l' ? await points106Of(hitsFound, cut, config.device, engines.vision, signal) : [];
  const faces = found.map((face, i) => faceOf(face, points[i], detector, config));
  return readingOrder(faces).map((face, index) => ({ ...face, index }));
}

/** Where a face may lie on its side: round hits that no mesh confirmed; the whole photo too when nothing was found. */
function turnedAreas(photo: PhotoInfo, upright: readonly Traced[], sight: Sight): readonly Rect<'photo'>[] {
  const unsure = upright
    .filter((traced) => !isFace(traced, sight) && traced.hit.box.width >= SMALL_FACE_PX)
    .toSorted((a, b) => b.hit.score - a.hit.score)
    .slice(0, MOST_TURNED)
    .map(({ hit }) => grown(hit.box, TURNED_NEIGHBOURHOOD));
  return upright.some((traced) => isFace(traced, sight)) ? unsure : [wholeOf(photo), ...unsure];
}

/** `known` and what else is a real face among `traced`, best first, each once. */
function believed(traced: readonly Traced[], known: readonly Traced[], sight: Sight): readonly Traced[] {
  const kept = [...known];
  const rank = ({ hit, mesh }: Traced) => hit.score + mesh.presence;
  for (const candidate of [...traced].sort((a, b) => rank(b) - rank(a))) {
    if (!isFace(candidate, sight)) continue;
    const double = kept.some((better) => isSame(better, candidate));
    if (!double) kept.push(candidate);
  }
  return kept;
}

function isSame(a: Traced, b: Traced): boolean {
  const extent = ({ hit, mesh }: Traced) => (isTraced(mesh) ? boundingBox(mesh.points) : hit.box);
  return (
    overlapOf(extent(a), extent(b)).union > SAME_MESH || overlapOf(a.hit.box, b.hit.box).smaller > SAME_BOX
  );
}

function isFace({ hit, mesh }: Traced, { faceScore, untracedScore }: Sight): boolean {
  if (hit.score < faceScore) return mesh.presence >= CERTAIN_PRESENCE && hit.box.width >= SMALL_FACE_PX;
  return isTraced(mesh) || hit.score >= untracedScore;
}

function faceOf(
  { hit, mesh }: Traced,
  points106: readonly Point<'photo'>[] | undefined,
  foundBy: Detector,
  config: Config['detection'],
): Face {
  return {
    index: 0,
    foundBy,
    box: hit.box,
    score: hit.score,
    points: isTraced(mesh) ? fivePoints(mesh) : hit.points,
    mesh,
    ...(points106 && { points106 }),
    pose: poseOf(mesh),
    ...judged(mesh, points106, config),
  };
}

/** Row by row from the top, left to right: a row is every face whose middle lies beside the row's topmost one. */
export function readingOrder<F extends Pick<Face, 'box'>>(faces: readonly F[]): F[] {
  const middle = ({ box }: F) => box.y + box.height / 2;
  const rest = [...faces].sort((a, b) => middle(a) - middle(b));
  const ordered: F[] = [];
  while (rest.length > 0) {
    const bottom = rest[0]!.box.y + rest[0]!.box.height;
    const next = rest.findIndex((face) => middle(face) > bottom);
    const row = rest.splice(0, next < 0 ? rest.length : next);
    ordered.push(...row.sort((a, b) => a.box.x - b.box.x));
  }
  return ordered;
}
