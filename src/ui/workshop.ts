import type { Engines } from '../engines/contracts';
import type { findFaces } from '../pipeline/detect';
import type { identified } from '../pipeline/identity';
import type { irisOf } from '../pipeline/irisOf';
import type { findPainter } from '../pipeline/painter';
import type { restoreAll } from '../pipeline/restore';
import type { findRestorer } from '../pipeline/restorer';
import type { openTheEyes } from '../pipeline/route';

/** What the session needs from the layers below. It is loaded with the first photo; tests hand in their own. */
export interface Workshop {
  readonly engines: Engines;
  readonly findFaces: typeof findFaces;
  readonly identified: typeof identified;
  readonly findPainter: typeof findPainter;
  readonly findRestorer: typeof findRestorer;
  readonly irisOf: typeof irisOf;
  readonly openTheEyes: typeof openTheEyes;
  readonly restoreAll: typeof restoreAll;
}

export type OpenWorkshop = () => Promise<Workshop>;
