/** Every window hears how the work on a pack goes. */
import type { PackActivity, PackNews } from '../core/packDisk';

const CHANNEL = 'open-the-eyes-packs';
const INTERVAL_MS = 250;

/** Tells of one piece of work: at most four times a second, and once when it has ended. Never falls back. */
export class Announcer {
  readonly #channel = new BroadcastChannel(CHANNEL);
  readonly #pack: string;
  readonly #activity: PackActivity;
  #doneBytes = 0;
  #totalBytes = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(pack: string, activity: PackActivity) {
    this.#pack = pack;
    this.#activity = activity;
  }

  tell(doneBytes: number, totalBytes: number): void {
    this.#doneBytes = Math.max(this.#doneBytes, doneBytes);
    this.#totalBytes = totalBytes;
    const nowMs = performance.now();
    if (nowMs - this.#lastMs < INTERVAL_MS) return;
    this.#lastMs = nowMs;
    this.#post(this.#activity);
  }

  end(): void {
    this.#post(null);
    this.#channel.close();
  }

  #post(activity: PackActivity | null): void {
    const news: PackNews = {
      pack: this.#pack,
      activity,
      doneBytes: this.#doneBytes,
      totalBytes: this.#totalBytes,
    };
    this.#channel.postMessage(news);
  }
}

/** @returns a function that ends it */
export function watchNews(listener: (news: PackNews) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event: MessageEvent<PackNews>) => listener(event.data);
  return () => channel.close();
}
