const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Coarse on purpose: a figure that jumps every second tells less. */
export function timeLeftWords(leftMs: number): string {
  if (leftMs < 10 * SECOND_MS) return 'a few seconds left';
  if (leftMs < MINUTE_MS) return 'less than a minute left';
  if (leftMs < 1.5 * MINUTE_MS) return 'about a minute left';
  if (leftMs < 1.5 * HOUR_MS) return `about ${Math.round(leftMs / MINUTE_MS)} minutes left`;
  if (leftMs < 24 * HOUR_MS) return `about ${Math.round(leftMs / HOUR_MS)} hours left`;
  return 'more than a day left';
}
