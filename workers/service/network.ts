/** The only way to the network: everything that goes out is written down, and nothing does while working offline. */
import { begunRequest, type NetworkRequest, type Outcome } from '../../src/core/networkRequest';
import type { Kept } from './kept';
import type { RequestLog } from './requestLog';

export interface NetworkParts {
  readonly log: RequestLog;
  readonly offline: Kept<boolean>;
  /** Address of the app's folder, with a slash at its end. */
  readonly own: string;
  readonly fetch: (request: Request, init?: RequestInit) => Promise<Response>;
  readonly now: () => number;
}

/** It never left this computer: a person works offline. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

export class Network {
  readonly #parts: NetworkParts;
  /** Read once; then what a person said last. */
  #offline: Promise<boolean>;
  /** Ends what is under way when a person goes offline. */
  #line = new AbortController();

  constructor(parts: NetworkParts) {
    this.#parts = parts;
    this.#offline = parts.offline.read();
  }

  isOffline(): Promise<boolean> {
    return this.#offline;
  }

  async workOffline(on: boolean): Promise<void> {
    this.#offline = Promise.resolve(on);
    if (on) {
      this.#line.abort();
      this.#line = new AbortController();
    }
    await this.#parts.offline.write(on);
  }

  /** @throws RefusedError while working offline, TypeError and AbortError as fetch does */
  async fetch(request: Request): Promise<Response> {
    const isPage = request.mode === 'navigate';
    const begun = begunRequest(crypto.randomUUID(), this.#parts.now(), request.url, isPage, this.#parts.own);
    if (await this.#offline) {
      this.#note(begun, 'refused');
      throw new RefusedError(`working offline: ${begun.host} is not asked`);
    }
    this.#note(begun, 'open');
    try {
      // A navigation cannot be given a signal without becoming another request.
      const response = isPage
        ? await this.#parts.fetch(request)
        : await this.#parts.fetch(request, {
            signal: AbortSignal.any([request.signal, this.#line.signal]),
            // A request that is changed at all would tell other hosts where it comes from.
            referrerPolicy: 'no-referrer',
          });
      this.#note(begun, 'answered', announcedBytes(response));
      return response;
    } catch (error) {
      this.#note(begun, 'failed');
      throw error;
    }
  }

  #note(request: NetworkRequest, outcome: Outcome, bytes: number | null = null): void {
    void this.#parts.log.note({ ...request, outcome, bytes });
  }
}

/** Counting would hold gigabytes up in the service worker, which the browser ends when it likes. */
function announcedBytes({ headers }: Response): number | null {
  const length = headers.get('content-length');
  return length === null ? null : Number(length);
}
