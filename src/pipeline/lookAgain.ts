/** A face in the photo as it looks now, by the landmarks that judged it first. */
import type { EyeState, Face, FaceMesh, Side } from '../core/face';
import type { CropFrame } from '../core/photo';
import type { Engines } from '../engines/contracts';
import { points106Of } from './points106';
import type { RunRequest } from './request';
import { inPhoto, meshFrame } from './trace';
import { judged } from './votes';

export interface SecondLook extends Pick<Face, 'eyes'> {
  readonly mesh: FaceMesh<'photo'>;
  /** Closed where the mesh alone says so, or all that looked the first time together. */
  readonly verdicts: Readonly<Record<Side, EyeState>>;
}

/** @throws AppError FACE_DET_001; AbortError */
export async function lookAgain(
  face: Face,
  request: RunRequest,
  engines: Pick<Engines, 'photo' | 'vision'>,
  signal: AbortSignal,
): Promise<SecondLook> {
  const { detection } = request.config;
  const { photo, vision } = engines;
  const cut = (frames: readonly CropFrame[]) => photo.cutPlaced(request.self.photo.id, frames, signal);
  const frame = meshFrame(face.mesh);
  const [found] = await vision.landmarks(await cut([frame]), signal);
  const [points106] = face.points106 ? await points106Of([face], cut, detection.device, vision, signal) : [];
  const mesh = inPhoto(found!, frame);
  const byMesh = judged(mesh, undefined, detection);
  const byAll = points106 ? judged(mesh, points106, detection) : byMesh;
  const stateOf = (side: Side) =>
    byMesh.verdicts[side].state === 'closed' ? 'closed' : byAll.verdicts[side].state;
  return { mesh, eyes: byAll.eyes, verdicts: { left: stateOf('left'), right: stateOf('right') } };
}
