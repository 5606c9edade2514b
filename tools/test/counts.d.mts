export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NO_COUNTS: Counts;
export function vitestCounts(report: {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}): Counts;
export function playwrightCounts(report: {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
}): Counts;
export function addCounts(a: Counts, b: Counts): Counts;
export function formatCounts(counts: Counts): string;
