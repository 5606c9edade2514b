/** Where the divider rests after the wipe: nearly everything shows the result. */
export const REVEALED = 0.06;
const REVEAL_MS = 1100;

/** Wipes from before to after once. @returns the stop. */
export function reveal(move: (share: number) => void): () => void {
  let frame = requestAnimationFrame(start);
  function start(startMs: number) {
    frame = requestAnimationFrame(function step(nowMs) {
      const t = Math.min(1, (nowMs - startMs) / REVEAL_MS);
      const eased = t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2;
      move(1 + (REVEALED - 1) * eased);
      if (t < 1) frame = requestAnimationFrame(step);
    });
  }
  return () => cancelAnimationFrame(frame);
}
