/**
 * Parts in which a silence is counted. A computer that sleeps and a page that is frozen miss most of them: what cannot
 * be heard is no silence.
 */
const PARTS = 10;

/** Tells once when nothing was heard for so long, less a part at most. */
export class Silence {
  readonly #timer: ReturnType<typeof setInterval>;
  #parts = 0;

  /** @param onSilent called at most once, and not after `end` */
  constructor(silentMs: number, onSilent: () => void) {
    this.#timer = setInterval(() => {
      this.#parts += 1;
      if (this.#parts < PARTS) return;
      this.end();
      onSilent();
    }, silentMs / PARTS);
  }

  heard(): void {
    this.#parts = 0;
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
