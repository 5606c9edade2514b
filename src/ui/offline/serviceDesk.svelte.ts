/** What the page knows of its service worker: the requests, the switch, the last run's receipt, a new version. */
import { type NetworkRequest, type Receipt, receiptOf } from '../../core/networkRequest';
import type { ServiceLink } from './serviceLink';

export class ServiceDesk {
  /** Oldest first. */
  requests = $state.raw<readonly NetworkRequest[]>([]);
  workOffline = $state(false);
  /** False: this page came before the service worker, or past it. */
  isWatching = $state(false);
  hasUpdate = $state(false);
  /** The update was asked for while other windows were open. */
  waitsForWindows = $state(false);
  /** The page is about to be loaded anew, by a person's wish. */
  isLeaving = $state(false);
  lastRun = $state.raw<Receipt | null>(null);
  readonly #link: ServiceLink;
  readonly #reload: () => void;
  #runStartMs: number | null = null;

  constructor(link: ServiceLink, reload: () => void) {
    this.#link = link;
    this.#reload = reload;
    this.#look();
    link.onChange(() => this.#look());
  }

  /** @throws when the service worker does not answer, as the verbs below. */
  async refresh(): Promise<void> {
    this.requests = await this.#link.ask({ type: 'requests' });
    this.workOffline = await this.#link.ask({ type: 'work-offline', on: null });
  }

  async setWorkOffline(on: boolean): Promise<void> {
    this.workOffline = await this.#link.ask({ type: 'work-offline', on });
  }

  /** Told whenever a run begins or ends. A run of an unwatched page has no receipt. */
  async run(isRunning: boolean): Promise<void> {
    if (isRunning) {
      this.#runStartMs ??= Date.now();
      return;
    }
    const startMs = this.#runStartMs;
    const endMs = Date.now();
    this.#runStartMs = null;
    if (startMs === null || !this.isWatching) return;
    const requests = await this.#link.ask({ type: 'requests' });
    this.requests = requests;
    this.lastRun = receiptOf(requests, startMs, endMs);
  }

  /** Loads the page of the new version, unless other windows live on the old one. */
  async update(): Promise<void> {
    const isTaken = await this.#link.takeOver().catch(() => false);
    this.waitsForWindows = !isTaken;
    this.isLeaving = isTaken;
    if (isTaken) this.#reload();
  }

  #look(): void {
    this.isWatching = this.#link.isWatching();
    this.hasUpdate = this.#link.hasUpdate();
  }
}
