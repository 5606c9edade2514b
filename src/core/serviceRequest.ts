/** What the page asks of its service worker, and what comes back. */
import type { NetworkRequest } from './networkRequest';

export type ServiceRequest =
  /** What it wrote down, oldest first. */
  | { readonly type: 'requests' }
  /** Turns working offline on or off; null: only asks. */
  | { readonly type: 'work-offline'; readonly on: boolean | null }
  /** Fetches what the first photo does without. */
  | { readonly type: 'fetch-rest' }
  /** A waiting version takes over, unless other windows use the one before it. */
  | { readonly type: 'take-over' };

export interface ServiceAnswers {
  readonly requests: readonly NetworkRequest[];
  readonly 'work-offline': boolean;
  /** False where some of it did not come. */
  readonly 'fetch-rest': boolean;
  readonly 'take-over': boolean;
}

/** Where photos that another app shared wait for the page. */
export const SHARED_CACHE = 'open-the-eyes-shared';
/** Header of a shared photo: its name, percent-encoded. */
export const SHARED_NAME = 'X-File-Name';
