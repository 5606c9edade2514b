import { isAbort } from '../core/errors';

export type ActivityKind = 'looking' | 'opening' | 'saving' | 'changing' | 'wording';

/** Something that takes time, one at a time, with a cancel that reaches the work. */
export class Activity {
  kind = $state<ActivityKind | null>(null);
  /** What it works on, for the sentence. */
  subject = $state('');
  /** 0..1; null: unknown. Never falls while one activity runs. */
  done = $state<number | null>(null);
  stopping = $state(false);
  /** Whether the last one ended by its cancel. */
  wasCancelled = false;
  #controller: AbortController | null = null;
  #ended: Promise<void> = Promise.resolve();

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    while (this.#controller) await this.#ended;
  }

  /** @returns the work's result; undefined when it was cancelled or another one is running. Errors pass through. */
  async run<T>(
    kind: ActivityKind,
    subject: string,
    work: (signal: AbortSignal, report: (done: number) => void) => Promise<T>,
  ): Promise<T | undefined> {
    if (this.#controller) return undefined;
    const controller = new AbortController();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#controller = controller;
    this.#ended = promise;
    this.kind = kind;
    this.subject = subject;
    this.done = null;
    try {
      return await work(controller.signal, (done) => {
        if (this.#controller === controller) this.done = Math.max(this.done ?? 0, done);
      });
    } catch (error) {
      if (isAbort(error)) return undefined;
      throw error;
    } finally {
      this.#controller = null;
      this.kind = null;
      this.stopping = false;
      this.done = null;
      this.wasCancelled = controller.signal.aborted;
      resolve();
    }
  }

  /** The work ends at its next look at the signal; until then `stopping` is true. */
  cancel(): void {
    this.stopping = this.#controller !== null;
    this.#controller?.abort();
  }
}
