import type { Shelf } from './shelf';
import type { Workshop } from './workshop';

/** What the session works with once the engines are there. */
export interface Tools {
  readonly workshop: Workshop;
  readonly shelf: Shelf;
}
