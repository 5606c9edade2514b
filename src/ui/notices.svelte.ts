export type NoticeTone = 'error' | 'info' | 'done';

export interface Notice {
  readonly id: number;
  readonly tone: NoticeTone;
  readonly text: string;
}

const MOST_NOTICES = 4;
const GOOD_NEWS_MS = 6000;

/** Short messages, newest last. Good news leaves by itself; the rest waits to be dismissed. */
export class NoticeBoard {
  all = $state.raw<readonly Notice[]>([]);
  #last = 0;

  say(tone: NoticeTone, text: string): void {
    const id = ++this.#last;
    const others = this.all.filter((notice) => notice.text !== text);
    this.all = [...others, { id, tone, text }].slice(-MOST_NOTICES);
    if (tone === 'done') setTimeout(() => this.dismiss(id), GOOD_NEWS_MS);
  }

  dismiss(id: number): void {
    this.all = this.all.filter((notice) => notice.id !== id);
  }
}
