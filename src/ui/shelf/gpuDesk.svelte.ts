import { asAppError, isAbort } from '../../core/errors';
import type { GpuReport } from '../../core/gpu';
import type { Pack } from '../../core/pack';
import type { GpuEngine } from '../../engines/contracts';
import { errorSentence } from '../words';

/** What is known of this computer's GPU, and its self-check. */
export class GpuDesk {
  report = $state.raw<GpuReport | null>(null);
  checking = $state(false);
  /** What went wrong, in a sentence. */
  problem = $state('');
  readonly #gpu: GpuEngine;
  #controller = new AbortController();
  /** The packs that the report tells of. */
  #asked = '';

  constructor(gpu: GpuEngine) {
    this.#gpu = gpu;
  }

  /** Whether its results were compared with right ones. */
  get isChecked(): boolean {
    return this.report?.facts?.check != null;
  }

  /** What is known, for packs that it was not told for yet. */
  async look(packs: readonly Pack[]): Promise<void> {
    if (this.checking || (namesOf(packs) === this.#asked && !this.problem)) return;
    await this.#ask(packs, () => this.#gpu.report(packs, new AbortController().signal));
  }

  /** Takes seconds. */
  async check(packs: readonly Pack[]): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    this.problem = '';
    this.#controller = new AbortController();
    await this.#ask(packs, () => this.#gpu.check(packs, this.#controller.signal));
    this.checking = false;
  }

  stop(): void {
    this.#controller.abort();
  }

  async #ask(packs: readonly Pack[], answer: () => Promise<GpuReport>): Promise<void> {
    try {
      this.report = await answer();
      this.#asked = namesOf(packs);
      this.problem = '';
    } catch (error) {
      if (!isAbort(error)) this.problem = errorSentence(asAppError(error, 'internal'));
    }
  }
}

/** What a pack needs may change with its revision. */
function namesOf(packs: readonly Pack[]): string {
  return `${packs.length}: ${packs.map(({ id, revision }) => `${id} ${revision}`).join()}`;
}
