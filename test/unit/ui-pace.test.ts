/** Rate and time left: calm, never nonsense, and honest about a stall. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesWords } from '../../src/ui/shelf/bytesWords';
import { isStalled, type Pace, paced, rateOf, timeLeftMs } from '../../src/ui/shelf/pace';
import { timeLeftWords } from '../../src/ui/shelf/timeLeftWords';

const TOTAL = 5_070_000_000;

/** @param steps [ms, bytes done] */
function pace(...steps: readonly (readonly [number, number])[]): Pace {
  return steps.reduce<Pace | null>((so, [atMs, done]) => paced(so, done, TOTAL, atMs), null)!;
}

test('a steady download has its rate and the time for the rest; what was on disk before is no progress', () => {
  const steady = pace([0, 70_000_000], [1000, 82_000_000], [2000, 94_000_000], [3000, 106_000_000]);
  expect(rateOf(steady, 3000)).toBeCloseTo(12_000_000);
  expect(timeLeftMs(steady, 3000)).toBeCloseTo(((TOTAL - 106_000_000) / 12_000_000) * 1000);
});

test('one report, or a moment, tells no rate', () => {
  expect(rateOf(pace([0, 5_000_000]), 4000)).toBeNull();
  expect(timeLeftMs(pace([0, 5_000_000]), 4000)).toBeNull();
  expect(rateOf(pace([0, 5_000_000], [300, 6_000_000]), 300)).toBeNull();
});

test('the rate is that of the last seconds, and single jumps hardly move it', () => {
  const steps = Array.from({ length: 31 }, (_, i) => [i * 1000, i < 10 ? i * 1e6 : 10e6 + (i - 10) * 5e6]);
  const slowThenFast = pace(...(steps as [number, number][]));
  expect(rateOf(slowThenFast, 30_000)).toBeCloseTo(5e6);
  const jump = paced(slowThenFast, slowThenFast.doneBytes + 10e6, TOTAL, 31_000);
  expect(rateOf(jump, 31_000)! / 5e6).toBeGreaterThan(1);
  expect(rateOf(jump, 31_000)! / 5e6).toBeLessThan(1.15);
});

test('between two reports the rate falls instead of standing still', () => {
  const steady = pace([0, 0], [2000, 8e6]);
  expect(rateOf(steady, 4000)).toBeCloseTo(2e6);
});

test('when nothing comes for some seconds it has stalled, without a rate; after that it counts afresh', () => {
  const steady = pace([0, 0], [2000, 8e6]);
  expect(isStalled(steady, 7900)).toBe(false);
  expect(isStalled(steady, 8100)).toBe(true);
  expect(rateOf(steady, 8100)).toBeNull();
  expect(timeLeftMs(steady, 8100)).toBeNull();
  const repeated = paced(steady, 8e6, TOTAL, 8200);
  expect(isStalled(repeated, 8300)).toBe(true);
  const again = paced(paced(repeated, 9e6, TOTAL, 60_000), 12e6, TOTAL, 62_000);
  expect(rateOf(again, 62_000)).toBeCloseTo(1.5e6);
});

test('a part that is taken back starts the count afresh', () => {
  const back = pace([0, 0], [1000, 64e6], [2000, 30e6], [4000, 50e6]);
  expect(rateOf(back, 4000)).toBeCloseTo(10e6);
});

test('nothing is ever negative or endless', () => {
  const step = fc.tuple(fc.nat(20_000), fc.nat(9_000_000));
  fc.assert(
    fc.property(fc.array(step, { minLength: 1 }), fc.nat(8_000_000), fc.nat(9000), (steps, total, later) => {
      let atMs = 0;
      let so: Pace | null = null;
      for (const [afterMs, done] of steps) {
        atMs += afterMs;
        so = paced(so, done, total, atMs);
      }
      const rate = rateOf(so!, atMs + later);
      const left = timeLeftMs(so!, atMs + later);
      expect(rate === null || (rate > 0 && Number.isFinite(rate))).toBe(true);
      expect(left === null || (left >= 0 && Number.isFinite(left))).toBe(true);
    }),
  );
});

test('bytes are decimal, in three digits', () => {
  const words = (bytes: number) => bytesWords(bytes).replace('\u00A0', '_');
  expect(words(0)).toBe('0_B');
  expect(words(812)).toBe('812_B');
  expect(words(2_440)).toBe('2.44_kB');
  expect(words(376_912_344)).toBe('377_MB');
  expect(words(999_600_000)).toBe('1_GB');
  expect(words(5_070_000_000)).toBe('5.07_GB');
  expect(words(64_000_000_000_000_000)).toBe('64000_TB');
  for (const nonsense of [-7, Number.NaN, Number.POSITIVE_INFINITY]) expect(words(nonsense)).toBe('0_B');
});

test('time left is coarse', () => {
  expect(timeLeftWords(0)).toBe('a few seconds left');
  expect(timeLeftWords(9_900)).toBe('a few seconds left');
  expect(timeLeftWords(11_000)).toBe('less than a minute left');
  expect(timeLeftWords(61_000)).toBe('about a minute left');
  expect(timeLeftWords(91_000)).toBe('about 2 minutes left');
  expect(timeLeftWords(75 * 60_000)).toBe('about 75 minutes left');
  expect(timeLeftWords(91 * 60_000)).toBe('about 2 hours left');
  expect(timeLeftWords(23.8 * 3_600_000)).toBe('about 24 hours left');
  expect(timeLeftWords(40 * 3_600_000)).toBe('more than a day left');
});
