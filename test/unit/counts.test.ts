import { expect, test } from 'vitest';
import {
  addCounts,
  formatCounts,
  NO_COUNTS,
  playwrightCounts,
  vitestCounts,
} from '../../tools/test/counts.mjs';

test('the last line of npm test adds up what the runners report', () => {
  const unit = vitestCounts({ numPassedTests: 101, numFailedTests: 2, numPendingTests: 3, numTodoTests: 4 });
  const e2e = playwrightCounts({ stats: { expected: 20, unexpected: 5, flaky: 1, skipped: 6 } });
  expect(unit).toEqual({ passed: 101, failed: 2, skipped: 7 });
  expect(e2e).toEqual({ passed: 21, failed: 5, skipped: 6 });
  expect(formatCounts(addCounts(unit, e2e))).toBe('122 passed, 7 failed, 13 skipped');
  expect(formatCounts(NO_COUNTS)).toBe('0 passed, 0 failed');
});
