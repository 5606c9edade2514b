/** How far a run is, and how long it still takes, by the steps that it took so far. */
import type { PaintNews, PaintPhase } from '../../src/core/painting';

/** Shares of a run for what comes before the steps and after them. */
const BEFORE = 0.05;
const AFTER = 0.05;
/** Steps that were timed before anything is said. */
const STEPS_TO_TELL = 2;

export class Pace {
  readonly #total: number;
  readonly #report: (news: PaintNews) => void;
  #left: number;
  /** Jobs that go in step, and how many of them have ended the step that is going on. */
  #members = 1;
  #ended = 0;
  /** When the first step was over, which makes the GPU's programs and is not timed. Null: not yet. */
  #sinceMs: number | null = null;
  #timed = 0;
  #stepMs = 0;
  #phase: PaintPhase = 'reading';

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

  /** Less than a step is done: who waits hears that it goes on. */
  goOn(): void {
    this.#tell(this.#phase, null);
  }

  /** The next steps are those of so many jobs at a time, which end theirs together. */
  inStep(members: number): void {
    this.#members = members;
    this.#ended = 0;
  }

  endStep(phase: PaintPhase, preview: PaintNews['preview']): void {
    this.#left -= 1;
    this.#ended += 1;
    if (this.#ended === this.#members) this.#endRound();
    this.#tell(phase, preview);
  }

  #endRound(): void {
    this.#ended = 0;
    const nowMs = performance.now();
    if (this.#sinceMs === null) {
      this.#sinceMs = nowMs;
      return;
    }
    this.#timed += this.#members;
    this.#stepMs = (nowMs - this.#sinceMs) / this.#timed;
  }

  #tell(phase: PaintPhase, preview: PaintNews['preview']): void {
    this.#phase = phase;
    const left = Math.max(0, this.#left);
    const taken = 1 - left / this.#total;
    const done = taken === 0 ? 0 : BEFORE + (1 - BEFORE - AFTER) * taken;
    const secondsLeft = this.#timed < STEPS_TO_TELL ? null : (left * this.#stepMs) / 1000;
    this.#report({ done, phase, secondsLeft, preview });
  }
}
