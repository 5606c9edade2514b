/** How fast bytes come and how long the rest takes, from the progress that is told a few times a second. */

interface Mark {
  readonly atMs: number;
  readonly doneBytes: number;
}

export interface Pace {
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Progress of the last seconds, oldest first, the newest last; never empty. */
  readonly marks: readonly Mark[];
}

/** The rate is the mean over this time: long enough to be calm, short enough to follow a change. */
const WINDOW_MS = 12_000;
/** A shorter time tells no rate. */
const LEAST_SPAN_MS = 1000;
/** When nothing came for so long it has stalled. */
const STALL_MS = 6000;
/** Between two reports of a download that goes on less time passes. */
const QUIET_MS = 2000;

/** @param pace of the same work so far; null at its beginning. What is done then came before and is no progress. */
export function paced(pace: Pace | null, doneBytes: number, totalBytes: number, atMs: number): Pace {
  const mark = { atMs, doneBytes };
  if (!pace) return { doneBytes, totalBytes, marks: [mark] };
  const last = pace.marks.at(-1)!;
  if (doneBytes === last.doneBytes) return { ...pace, totalBytes };
  // After a stall, or when a part that came wrong is taken back, what was before says nothing of what comes.
  const afresh = doneBytes < last.doneBytes || isStalled(pace, atMs);
  const before = afresh ? [] : pace.marks.filter((earlier) => atMs - earlier.atMs <= WINDOW_MS);
  return { doneBytes, totalBytes, marks: [...before, mark] };
}

export function isStalled(pace: Pace, nowMs: number): boolean {
  return nowMs - pace.marks.at(-1)!.atMs > STALL_MS;
}

/** Where something else says that the line is dead, it need not be waited for so long. */
export function isQuiet(pace: Pace, nowMs: number): boolean {
  return nowMs - pace.marks.at(-1)!.atMs > QUIET_MS;
}

/** Bytes per second. Null: not known yet, or nothing comes. */
export function rateOf(pace: Pace, nowMs: number): number | null {
  const first = pace.marks[0]!;
  const spanMs = Math.max(nowMs, pace.marks.at(-1)!.atMs) - first.atMs;
  const came = pace.doneBytes - first.doneBytes;
  if (isStalled(pace, nowMs) || came <= 0 || spanMs < LEAST_SPAN_MS) return null;
  return (came / spanMs) * 1000;
}

/** Null: not known. */
export function timeLeftMs(pace: Pace, nowMs: number): number | null {
  const rate = rateOf(pace, nowMs);
  const restBytes = Math.max(0, pace.totalBytes - pace.doneBytes);
  return rate === null ? null : (restBytes / rate) * 1000;
}
