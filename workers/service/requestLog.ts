/** The requests of this service worker and of those before it: in memory, and kept. */
import { mergedRequests, type NetworkRequest } from '../../src/core/networkRequest';
import type { Kept } from './kept';

export class RequestLog {
  readonly #kept: Kept<readonly NetworkRequest[]>;
  #mine: readonly NetworkRequest[] = [];
  #writing: Promise<void> = Promise.resolve();
  #isDue = false;

  constructor(kept: Kept<readonly NetworkRequest[]>) {
    this.#kept = kept;
  }

  /** Adds the request, or puts it in place of the one with its id. @returns when it is kept */
  note(request: NetworkRequest): Promise<void> {
    this.#mine = mergedRequests(this.#mine, [request]);
    // One write for all that comes before it begins.
    if (!this.#isDue) {
      this.#isDue = true;
      this.#writing = this.#writing.then(() => this.#write());
    }
    return this.#writing;
  }

  /** Oldest first. */
  async all(): Promise<readonly NetworkRequest[]> {
    return mergedRequests(await this.#kept.read(), this.#mine);
  }

  async #write(): Promise<void> {
    this.#isDue = false;
    // Another version of the service worker may write beside this one.
    await this.#kept.write(await this.all());
  }
}
