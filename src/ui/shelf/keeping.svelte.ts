/** `unasked`: nobody has asked the browser yet, or its answer is not known. */
export type KeepingAnswer = 'unasked' | 'asking' | 'promised' | 'not-promised';

/** Whether the browser has promised to keep what is stored when the disk runs full. */
export class Keeping {
  answer = $state<KeepingAnswer>('unasked');

  /** Asks nobody: only an earlier promise is remembered. */
  async look(): Promise<void> {
    const promised = await navigator.storage?.persisted().catch(() => false);
    if (promised && this.answer === 'unasked') this.answer = 'promised';
  }

  /** Some browsers put the question to the person, so it belongs to a click whose sense they know. Once a visit. */
  async ask(): Promise<void> {
    if (this.answer !== 'unasked') return;
    this.answer = 'asking';
    const promised = await navigator.storage?.persist().catch(() => false);
    this.answer = promised ? 'promised' : 'not-promised';
  }
}
