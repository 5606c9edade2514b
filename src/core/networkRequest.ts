/** Requests that left this computer, or wanted to, as the service worker writes them down. */

/** `page`: the page itself; `app`: its code, data and updates; `models`: packs, from here or elsewhere. */
export type Purpose = 'page' | 'app' | 'models';

/** `open`: no answer yet. `refused`: working offline, it never left. */
export type Outcome = 'open' | 'answered' | 'failed' | 'refused';

export interface NetworkRequest {
  readonly id: string;
  /** When it began, ms since 1970. */
  readonly atMs: number;
  readonly host: string;
  /** Path of the address, without what stands behind a question mark. */
  readonly path: string;
  readonly purpose: Purpose;
  readonly outcome: Outcome;
  /** Size of the answer, as the server announced it; null: not known. */
  readonly bytes: number | null;
}

/** Of one run. */
export interface Receipt {
  readonly startMs: number;
  readonly endMs: number;
  /** That went to the network between the two. */
  readonly requests: readonly NetworkRequest[];
}

/** More than this are of no use to a person; the oldest go. */
export const MOST_REQUESTS = 400;
const LONGEST_PATH = 160;

export function wentOut({ outcome }: NetworkRequest): boolean {
  return outcome !== 'refused';
}

/** A request as it begins. @param own address of the app's folder, with a slash at its end */
export function begunRequest(
  id: string,
  atMs: number,
  address: string,
  isPage: boolean,
  own: string,
): NetworkRequest {
  const { host, pathname } = new URL(address);
  const path = pathname.length > LONGEST_PATH ? `${pathname.slice(0, LONGEST_PATH)}…` : pathname;
  return { id, atMs, host, path, purpose: purposeOf(address, isPage, own), outcome: 'open', bytes: null };
}

function purposeOf(address: string, isPage: boolean, own: string): Purpose {
  if (isPage) return 'page';
  return address.startsWith(own) && !address.startsWith(`${own}models/`) ? 'app' : 'models';
}

/** The same request once, as `newer` has it; oldest first, the last `MOST_REQUESTS`. */
export function mergedRequests(
  older: readonly NetworkRequest[],
  newer: readonly NetworkRequest[],
): readonly NetworkRequest[] {
  const all = new Map([...older, ...newer].map((request) => [request.id, request]));
  return [...all.values()].sort((a, b) => a.atMs - b.atMs).slice(-MOST_REQUESTS);
}

export function receiptOf(all: readonly NetworkRequest[], startMs: number, endMs: number): Receipt {
  const requests = all.filter(
    (request) => wentOut(request) && request.atMs >= startMs && request.atMs <= endMs,
  );
  return { startMs, endMs, requests };
}
