import type { AppError } from '../../core/errors';
import type { Pack } from '../../core/pack';
import type { PackActivity, PackNews, PackRequest, PackStatus } from '../../core/packDisk';
import { type Pace, paced } from './pace';

/** `elsewhere`: another window works on it. `waiting`: asked for here, not begun. */
export type PackPhase = 'idle' | 'waiting' | 'working' | 'elsewhere';

export interface Problem {
  readonly error: AppError;
  /** What failed. */
  readonly activity: PackActivity;
  /** The same work once more, with what the person decided. */
  readonly again: (decided?: Decided) => Promise<void>;
}

/** What a click settles before the work begins. */
export type Decided = Pick<PackRequest, 'acceptTerms' | 'trustChanged'>;

interface OwnWork {
  readonly activity: PackActivity;
  readonly controller: AbortController;
}

/** What was told of this window's own work may arrive after its end, ms. */
const ECHO_MS = 500;

/** One pack on the shelf: what the disk holds of it, and what goes on with it in any window. */
export class PackItem {
  status: PackStatus;
  /** What this window asked for. */
  work = $state.raw<OwnWork | null>(null);
  /** The work was told to stop and has not ended. */
  stopping = $state(false);
  /** The last word of work that goes on. */
  news = $state.raw<PackNews | null>(null);
  pace = $state.raw<Pace | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Sentences on what the last work came to. */
  results = $state.raw<readonly string[]>([]);
  #endedMs = Number.NEGATIVE_INFINITY;

  constructor(status: PackStatus) {
    this.status = $state.raw(status);
  }

  get pack(): Pack {
    return this.status.pack;
  }

  get phase(): PackPhase {
    if (this.work) return this.news ? 'working' : 'waiting';
    return this.news || this.status.busy ? 'elsewhere' : 'idle';
  }

  get activity(): PackActivity | null {
    return this.news?.activity ?? this.work?.activity ?? null;
  }

  get consentNeeded(): boolean {
    return this.pack.restricted !== null && this.status.termsAcceptedAt === null;
  }

  /** On disk, with what has come since the status was told. */
  get storedBytes(): number {
    const { storedBytes, missingBytes } = this.status;
    if (this.news?.activity !== 'download' || !this.news.totalBytes) return storedBytes;
    const hadBytes = this.news.totalBytes - missingBytes;
    return storedBytes + Math.max(0, this.news.doneBytes - hadBytes);
  }

  begin(activity: PackActivity): AbortSignal {
    const controller = new AbortController();
    this.work = { activity, controller };
    this.problem = null;
    this.results = [];
    return controller.signal;
  }

  stop(): void {
    this.stopping = this.work !== null;
    this.work?.controller.abort();
  }

  /** Its own work or another window's is over. */
  rest(atMs: number): void {
    if (this.work) this.#endedMs = atMs;
    this.work = null;
    this.stopping = false;
    this.silence();
    this.status = { ...this.status, busy: false };
  }

  hear(news: PackNews, atMs: number): void {
    if (!this.work && atMs - this.#endedMs < ECHO_MS) return;
    const same = this.news?.activity === news.activity;
    // At its beginning work may not know its size, nor what is here already.
    this.pace = news.totalBytes
      ? paced(same ? this.pace : null, news.doneBytes, news.totalBytes, atMs)
      : null;
    this.news = news;
  }

  /** Nobody works on it: what was heard last is of the past. */
  silence(): void {
    this.news = null;
    this.pace = null;
  }
}
