/** The pipeline as one lazily loaded piece. */
import type { Engines } from '../engines/contracts';
import { findFaces } from '../pipeline/detect';
import { identified } from '../pipeline/identity';
import { irisOf } from '../pipeline/irisOf';
import { findPainter } from '../pipeline/painter';
import { restoreAll } from '../pipeline/restore';
import { findRestorer } from '../pipeline/restorer';
import { openTheEyes } from '../pipeline/route';
import type { Workshop } from './workshop';

export function road(engines: Engines): Workshop {
  return { engines, findFaces, identified, findPainter, findRestorer, irisOf, openTheEyes, restoreAll };
}
