import { type AppError, asAppError } from '../core/errors';
import type { WatchedPackEngine } from '../engines/contracts';
import type { Tools } from './tools';
import type { Workshop } from './workshop';

/** Whether this computer has an engine whose models are packs on the disk. */
export class Desk<Engine> {
  /** Null: there is none, or it is not known yet. */
  found = $state.raw<Engine | null>(null);
  /** Why there is none. */
  problem = $state.raw<AppError | null>(null);
  readonly #tools: () => Promise<Tools>;
  readonly #packs: readonly string[];
  readonly #find: (workshop: Workshop, signal: AbortSignal) => Promise<Engine>;
  #turn = 0;
  /** Nobody could be asked: the engines did not come. */
  #isDue = true;
  #hears = false;

  /** @param packs whose coming and going changes the answer */
  constructor(
    tools: () => Promise<Tools>,
    packs: readonly string[],
    find: (workshop: Workshop, signal: AbortSignal) => Promise<Engine>,
  ) {
    this.#tools = tools;
    this.#packs = packs;
    this.#find = find;
  }

  /** Asks where nobody has been asked. */
  wanted(): void {
    if (this.#isDue) void this.ask();
  }

  /** What was known holds until the answer. */
  async ask(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#isDue = false;
    let found: Engine | null = null;
    let problem: AppError | null = null;
    try {
      const { workshop } = await this.#tools().catch((error: unknown) => {
        this.#isDue = true;
        throw error;
      });
      this.#hear(workshop.engines.packs);
      found = await this.#find(workshop, new AbortController().signal);
    } catch (error) {
      problem = asAppError(error, 'internal');
    }
    if (turn === this.#turn) Object.assign(this, { found, problem });
  }

  /** Its download may end long after the shelf was left, or in another window. */
  #hear(packs: WatchedPackEngine): void {
    if (this.#hears) return;
    this.#hears = true;
    packs.watch(({ pack, activity }) => {
      if (!activity && this.#packs.includes(pack)) void this.ask();
    });
  }
}
