import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PaintNews } from '../../src/core/painting';
import { Pace } from '../../workers/diffusion/pace';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function paced(total: number) {
  const news: PaintNews[] = [];
  const pace = new Pace(total, (n) => news.push(n));
  const step = (ms: number, members = 1) => {
    vi.advanceTimersByTime(ms);
    for (let i = 0; i < members; i += 1) pace.endStep('painting', null);
  };
  return { pace, news, step, last: () => news.at(-1)! };
}

test('the first step, which takes longer, does not count; then the rest takes what the others took', () => {
  const { step, last } = paced(10);
  step(9000);
  expect(last().secondsLeft).toBeNull();
  step(400);
  expect(last().secondsLeft).toBeNull();
  step(600);
  expect(last().secondsLeft).toBeCloseTo(3.5);
});

test('jobs that go in step share its time', () => {
  const { pace, step, last, news } = paced(12);
  pace.inStep(4);
  step(5000, 4);
  expect(news.every(({ secondsLeft }) => secondsLeft === null)).toBe(true);
  step(800, 4);
  // Four steps left, and four took 800 ms.
  expect(last().secondsLeft).toBeCloseTo(0.8);
});

test('what is done never falls, begins where a run was resumed, and leaves room for the end', () => {
  const { pace, step, news, last } = paced(8);
  pace.tell('reading');
  pace.skip(4);
  for (let i = 0; i < 4; i += 1) step(100);
  pace.tell('developing');
  const done = news.map((n) => n.done);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect(done[0]).toBe(0);
  expect(done[1]).toBeCloseTo(0.05 + 0.9 * (5 / 8));
  expect(last().done).toBeCloseTo(0.95);
});
