import { type AppError, asAppError } from '../core/errors';
import { PAINTER_PACKS } from '../core/painting';
import type { WatchedPackEngine } from '../engines/contracts';
import type { Painter } from '../pipeline/painter';
import type { Tools } from './tools';

const PACKS: readonly string[] = Object.values(PAINTER_PACKS);

/** Whether this computer has a painter. */
export class PainterDesk {
  /** Null: there is none, or it is not known yet. */
  painter = $state.raw<Painter | null>(null);
  /** Why there is none. */
  problem = $state.raw<AppError | null>(null);
  readonly #tools: () => Promise<Tools>;
  #turn = 0;
  #hears = false;

  constructor(tools: () => Promise<Tools>) {
    this.#tools = tools;
  }

  /** Asks where nobody has. */
  wanted(): void {
    if (this.#turn === 0) void this.ask();
  }

  /** What was known holds until the answer. */
  async ask(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    let painter: Painter | null = null;
    let problem: AppError | null = null;
    try {
      const { workshop } = await this.#tools();
      this.#hear(workshop.engines.packs);
      painter = await workshop.findPainter(workshop.engines, new AbortController().signal);
    } catch (error) {
      problem = asAppError(error, 'internal');
    }
    if (turn === this.#turn) Object.assign(this, { painter, problem });
  }

  /** Its download may end long after the shelf was left, or in another window. */
  #hear(packs: WatchedPackEngine): void {
    if (this.#hears) return;
    this.#hears = true;
    packs.watch(({ pack, activity }) => {
      if (!activity && PACKS.includes(pack)) void this.ask();
    });
  }
}
