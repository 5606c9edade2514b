/** How far a run is, and how long it still takes, by the steps that it took so far. */
import type { PaintNews, PaintPhase } from '../../src/core/painting';

/** Shares of a run for what comes before the steps and after them. */
const BEFORE = 0.05;
const AFTER = 0.05;
/** Steps that were timed before anything is said; the first one makes the GPU's programs, and is not. */
const STEPS_TO_TELL = 2;

export class Pace {
  readonly #total: number;
  readonly #report: (news: PaintNews) => void;
  readonly #stepMs: number[] = [];
  #left: number;
  #isFirst = true;
  #startedMs = 0;

  /** @param total steps of the whole run */
  constructor(total: number, report: (news: PaintNews) => void) {
    this.#total = total;
    this.#left = total;
    this.#report = report;
  }

  /** Steps that were taken before this run, or that a failure takes away. */
  skip(steps: number): void {
    this.#left -= steps;
  }

  /** A part without steps begins. */
  tell(phase: PaintPhase): void {
    this.#tell(phase, null);
  }

  startStep(): void {
    this.#startedMs = performance.now();
  }

  endStep(phase: PaintPhase, preview: PaintNews['preview']): void {
    this.#left -= 1;
    if (!this.#isFirst) this.#stepMs.push(performance.now() - this.#startedMs);
    this.#isFirst = false;
    this.#tell(phase, preview);
  }

  #tell(phase: PaintPhase, preview: PaintNews['preview']): void {
    const taken = 1 - Math.max(0, this.#left) / this.#total;
    const done = taken === 0 ? 0 : BEFORE + (1 - BEFORE - AFTER) * taken;
    this.#report({ done, phase, secondsLeft: this.#secondsLeft(), preview });
  }

  /** By the middle one of the steps so far: a pause of the computer does not count. */
  #secondsLeft(): number | null {
    if (this.#stepMs.length < STEPS_TO_TELL) return null;
    const sorted = this.#stepMs.toSorted((a, b) => a - b);
    return (Math.max(0, this.#left) * sorted[Math.floor(sorted.length / 2)]!) / 1000;
  }
}
