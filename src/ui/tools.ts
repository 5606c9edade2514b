import type { OpenPhotos } from './openPhotos';
import type { Workshop } from './workshop';

/** What the session works with once the engines are there. */
export interface Tools {
  readonly workshop: Workshop;
  readonly openPhotos: OpenPhotos;
}
