/** What landmarks say of a face's eyes: their shapes, and whether they are open. */
import type { Config } from '../core/config';
import type { Face, FaceMesh } from '../core/face';
import type { Point } from '../core/geometry';
import { eyesOf } from './landmarks';
import { eyes106 } from './points106';
import { secondVotes, verdictsOf } from './verdict';

/** @param points106 of Buffalo_L, if it looked: its lids have the first vote, those of the mesh the second. */
export function judged(
  mesh: FaceMesh<'photo'>,
  points106: readonly Point<'photo'>[] | undefined,
  config: Config['detection'],
): Pick<Face, 'eyes' | 'verdicts'> {
  const meshEyes = eyesOf(mesh);
  const byMesh = verdictsOf(meshEyes, mesh.presence, config);
  if (!points106) return { eyes: meshEyes, verdicts: byMesh };
  const eyes = eyes106(points106, mesh);
  return { eyes, verdicts: secondVotes(verdictsOf(eyes, mesh.presence, config), byMesh, config) };
}
