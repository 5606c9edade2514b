/** Stage 1: every face of a photo with its landmarks and eye verdicts. */
import type { Config } from '../core/config';
import type { Detection, Face } from '../core/face';
import { overlapOf } from '../core/overlap';
import type { PhotoInfo } from '../core/photo';
import { raster } from '../core/raster';
import type { Engines } from '../engines/contracts';
import { eyeShape, fivePoints } from './landmarks';
import { boundingBox, merge, PASS_SIDES_PX, regionToPhoto, requestsOf, toPhoto, wantsFiner } from './passes';
import { poseOf } from './pose';
import { squareFrame, type Traced, traceAll } from './trace';
import { verdictsOf } from './verdict';

type Stage1Engines = Pick<Engines, 'photo' | 'vision'>;

/** The mesh traced a face. Cats, statues of noise and hands stay below. */
const LOWEST_PRESENCE = 0.5;
/** Two networks that half believe in a blob of few px are both wrong (bottles behind a bar). */
const SMALL_FACE_PX = 48;
const SMALL_FACE_SCORE = 0.8;
/** The detector alone is believed from here: a face in profile, whose lids cannot be traced. */
const UNTRACED_SCORE = 0.85;
/** Two meshes whose extents overlap by more are one face, found upright and turned. */
const SAME_MESH = 0.5;
/** Side of the squares in which a photo without upright faces is looked at sideways, px. */
const TURNED_SIDE_PX = 800;

/**
 * @returns faces in reading order, `index` = position; empty when there is none.
 * @throws AppError FACE_DET_001 when a network failed; AbortError.
 */
export async function findFaces(
  photo: PhotoInfo,
  engines: Stage1Engines,
  config: Config['detection'],
  signal: AbortSignal,
): Promise<readonly Face[]> {
  const upright = await traceAll(photo, await detectUpright(photo, engines, signal), engines, signal);
  let found = believed(upright);
  if (found.length === 0) {
    found = believed(await traceAll(photo, await detectTurned(photo, engines, signal), engines, signal));
  }
  return readingOrder(found.map((traced) => faceOf(traced, config))).map((face, index) => ({
    ...face,
    index,
  }));
}

/** The whole photo at growing scale, as long as a pass suggests that there is more to find. */
async function detectUpright(
  photo: PhotoInfo,
  engines: Stage1Engines,
  signal: AbortSignal,
): Promise<readonly Detection<'photo'>[]> {
  let hits: readonly Detection<'photo'>[] = [];
  for (const sidePx of PASS_SIDES_PX) {
    for (const request of requestsOf(photo, sidePx)) {
      const [picture] = await engines.photo.regions(photo.id, [request], signal);
      const found = await engines.vision.detect(picture!, signal);
      hits = merge([...hits, ...found.map((hit) => toPhoto(hit, regionToPhoto(request)))]);
    }
    if (!wantsFiner(photo, sidePx, hits)) break;
  }
  return hits;
}

/** The whole photo turned by one, two and three quarters. */
async function detectTurned(
  photo: PhotoInfo,
  engines: Stage1Engines,
  signal: AbortSignal,
): Promise<readonly Detection<'photo'>[]> {
  const longest = Math.max(photo.width, photo.height);
  const sidePx = Math.min(TURNED_SIDE_PX, longest);
  const centre = { x: photo.width / 2, y: photo.height / 2 };
  const hits: Detection<'photo'>[] = [];
  for (const turns of [1, 3, 2]) {
    const frame = squareFrame(centre, longest, (turns * Math.PI) / 2, sidePx);
    const [square] = await engines.photo.cut(photo.id, [frame], signal);
    const { width, height, data } = square!;
    const found = await engines.vision.detect(raster<'view'>(width, height, data), signal);
    const { a, b, c, d, tx, ty } = frame.toPhoto;
    hits.push(...found.map((hit) => toPhoto(hit, { a, b, c, d, tx, ty })));
  }
  return merge(hits);
}

/** Real faces, best first, each once. */
function believed(traced: readonly Traced[]): readonly Traced[] {
  const kept: Traced[] = [];
  const rank = ({ hit, mesh }: Traced) => hit.score + mesh.presence;
  for (const candidate of [...traced].sort((a, b) => rank(b) - rank(a))) {
    if (!isFace(candidate)) continue;
    const extent = boundingBox(candidate.mesh.points);
    const double = kept.some(({ mesh }) => overlapOf(boundingBox(mesh.points), extent).union > SAME_MESH);
    if (!double) kept.push(candidate);
  }
  return kept;
}

function isFace({ hit, mesh }: Traced): boolean {
  if (mesh.presence < LOWEST_PRESENCE) return hit.score >= UNTRACED_SCORE;
  return hit.box.width >= SMALL_FACE_PX || hit.score >= SMALL_FACE_SCORE;
}

function faceOf({ hit, mesh }: Traced, config: Config['detection']): Face {
  const eyes = { left: eyeShape(mesh, 'left'), right: eyeShape(mesh, 'right') };
  const traced = mesh.presence >= LOWEST_PRESENCE;
  return {
    index: 0,
    box: hit.box,
    score: hit.score,
    points: traced ? fivePoints(mesh) : hit.points,
    mesh,
    pose: poseOf(mesh),
    eyes,
    verdicts: verdictsOf(eyes, mesh.presence, config),
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
