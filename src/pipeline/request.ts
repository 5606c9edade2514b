import type { Config } from '../core/config';
import type { Choice } from '../core/run';
import type { KnownPhoto, Match } from './sources';

/** What one run is asked to do. */
export interface RunRequest {
  readonly self: KnownPhoto;
  /** Faces to open, with the eyes to open in each. None: the run ends as 'nothing-to-do'. */
  readonly choices: readonly Choice[];
  /** Other photos that may show the same people, faces found. */
  readonly donors: readonly KnownPhoto[];
  /** A person's word on who is who. */
  readonly matches: readonly Match[];
  readonly config: Config;
}
