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
  #left: number;
  #timed = -1;
  #sinceMs = 0;

  /** @param total steps of the whole run */
  constructor(total: number, report: (news: PaintNews) => void) {
    this.#total = total;
    this.#left = total;
    this.#report = report;
  }

  /** Steps that were taken before this run. */
  skip(steps: number): void {
    this.#left -= steps;
  }

  /** A part without steps begins. */
  tell(phase: PaintPhase): void {
    this.#tell(phase, null);
  }

  endStep(phase: PaintPhase, preview: PaintNews['preview']): void {
    this.#left -= 1;
    this.#timed += 1;
    if (this.#timed === 0) this.#sinceMs = performance.now();
    this.#tell(phase, preview);
  }

  #tell(phase: PaintPhase, preview: PaintNews['preview']): void {
    const taken = 1 - Math.max(0, this.#left) / this.#total;
    const done = taken === 0 ? 0 : BEFORE + (1 - BEFORE - AFTER) * taken;
    this.#report({ done, phase, secondsLeft: this.#secondsLeft(), preview });
  }

  /** By the mean of the steps so far: pictures that go in step end theirs together. */
  #secondsLeft(): number | null {
    if (this.#timed < STEPS_TO_TELL) return null;
    const stepMs = (performance.now() - this.#sinceMs) / this.#timed;
    return (Math.max(0, this.#left) * stepMs) / 1000;
  }
}
