/** Every window hears how the work on a pack goes. */
import type { PackActivity, PackNews } from '../core/packDisk';

/** Bytes done and in total; of an activity that is not the work's own, when it has gone over into another. */
export type Tell = (doneBytes: number, totalBytes: number, activity?: PackActivity) => void;

const CHANNEL = 'open-the-eyes-packs';
const INTERVAL_MS = 250;

/** Tells of one piece of work: at most four times a second, and once when it has ended. Never falls back. */
export class Announcer {
  readonly #channel = new BroadcastChannel(CHANNEL);
  readonly #pack: string;
  readonly #activity: PackActivity;
  #last: PackNews;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(pack: string, activity: PackActivity) {
    this.#pack = pack;
    this.#activity = activity;
    this.#last = { pack, activity, doneBytes: 0, totalBytes: 0 };
    this.#post();
  }

  readonly tell: Tell = (doneBytes, totalBytes, activity = this.#activity) => {
    const isSame = activity === this.#last.activity;
    const done = isSame ? Math.max(this.#last.doneBytes, doneBytes) : doneBytes;
    this.#last = { pack: this.#pack, activity, doneBytes: done, totalBytes };
    if (isSame && performance.now() - this.#lastMs < INTERVAL_MS) return;
    this.#post();
  };

  end(): void {
    this.#last = { ...this.#last, activity: null };
    this.#post();
    this.#channel.close();
  }

  #post(): void {
    this.#lastMs = performance.now();
    this.#channel.postMessage(this.#last);
  }
}

/** @returns a function that ends it */
export function watchNews(listener: (news: PackNews) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event: MessageEvent<PackNews>) => listener(event.data);
  return () => channel.close();
}
