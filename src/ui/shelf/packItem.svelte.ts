import type { AppError } from '../../core/errors';
import type { Pack } from '../../core/pack';
import type { PackActivity, PackNews, PackRequest, PackStatus } from '../../core/packDisk';
import { type Pace, paced } from './pace';
import { packBytes } from './packBytes';

/** `elsewhere`: another window works on it, and nobody asked here. `waiting`: asked for here, not begun. */
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
  /** The work that goes on is another window's, and this window's own waits for it. */
  waitsForAnother = $state(false);
  pace = $state.raw<Pace | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Sentences on what the last work came to. */
  results = $state.raw<readonly string[]>([]);
  /** The last word of what comes onto the disk. */
  #arriving = $state.raw<PackNews | null>(null);
  #endedMs = Number.NEGATIVE_INFINITY;

  constructor(status: PackStatus) {
    this.status = $state.raw(status);
  }

  get pack(): Pack {
    return this.status.pack;
  }

  get phase(): PackPhase {
    if (this.work) return this.news && !this.waitsForAnother ? 'working' : 'waiting';
    return this.news || this.status.busy ? 'elsewhere' : 'idle';
  }

  /** What was asked for here; else what another window does. A download stays one while it is checked. */
  get activity(): PackActivity | null {
    return this.work?.activity ?? this.news?.activity ?? null;
  }

  get consentNeeded(): boolean {
    return this.pack.restricted !== null && this.status.termsAcceptedAt === null;
  }

  /** Of the whole pack, with what has come since the status was told. */
  get hereBytes(): number {
    return this.#arriving?.doneBytes ?? packBytes(this.pack) - this.status.missingBytes;
  }

  get totalBytes(): number {
    return this.#arriving?.totalBytes ?? packBytes(this.pack);
  }

  /** On disk, with what has come since the status was told. */
  get storedBytes(): number {
    const { storedBytes, missingBytes } = this.status;
    const hadBytes = this.totalBytes - missingBytes;
    return storedBytes + (this.#arriving ? Math.max(0, this.hereBytes - hadBytes) : 0);
  }

  begin(activity: PackActivity): AbortSignal {
    const controller = new AbortController();
    this.waitsForAnother = this.phase === 'elsewhere';
    this.work = { activity, controller };
    this.problem = null;
    this.results = [];
    return controller.signal;
  }

  stop(): void {
    this.stopping = this.work !== null;
    this.work?.controller.abort();
  }

  /** Its own work is over, or another window's that was not waited for. */
  rest(atMs: number): void {
    const goesOnElsewhere = this.waitsForAnother;
    if (this.work && !goesOnElsewhere) this.#endedMs = atMs;
    this.work = null;
    this.stopping = false;
    this.waitsForAnother = false;
    if (goesOnElsewhere) return;
    this.silence();
    this.status = { ...this.status, busy: false };
  }

  /** @param hasTurn whether the work that was asked for here may be the one that is heard */
  hear(news: PackNews, atMs: number, hasTurn: boolean): void {
    if (!this.work && atMs - this.#endedMs < ECHO_MS) return;
    if (this.work && !hasTurn) this.waitsForAnother = true;
    // Without amounts it is a beginning: the other window has ended, perhaps without a word.
    else if (!news.totalBytes && news.activity === this.work?.activity) this.waitsForAnother = false;
    const same = this.news?.activity === news.activity;
    // At its beginning work may not know its size, nor what is here already.
    this.pace = news.totalBytes
      ? paced(same ? this.pace : null, news.doneBytes, news.totalBytes, atMs)
      : null;
    this.news = news;
    if (news.totalBytes && (news.activity === 'download' || news.activity === 'import'))
      this.#arriving = news;
  }

  /** Nobody works on it: what was heard last is of the past. */
  silence(): void {
    this.news = null;
    this.pace = null;
    this.#arriving = null;
    this.waitsForAnother = false;
  }
}
