/** Heavy engines take turns, and what one held is given back before another begins. */
import { expect, test } from 'vitest';
import { heavyTurns } from '../../src/engines/heavy';

const { signal: never } = new AbortController();

function setUp() {
  const log: string[] = [];
  const turn = heavyTurns();
  const engine = (name: string) => ({ name, stop: () => void log.push(`stop ${name}`) });
  const releases: (() => void)[] = [];
  const run = (on: { name: string; stop(): void }, signal = never) =>
    turn(on, signal, async () => {
      log.push(`begin ${on.name}`);
      await new Promise<void>((resolve) => releases.push(resolve));
      log.push(`end ${on.name}`);
    });
  const release = async () => {
    await expect.poll(() => releases).not.toHaveLength(0);
    releases.shift()!();
  };
  return { log, engine, run, release };
}

test('another engine begins when the first has ended and was stopped; the same one is not stopped', async () => {
  const { log, engine, run, release } = setUp();
  const [painter, writer] = [engine('painter'), engine('writer')];
  const all = [run(painter), run(writer), run(writer)];
  await release();
  await release();
  await release();
  await Promise.all(all);
  expect(log).toEqual([
    'begin painter',
    'end painter',
    'stop painter',
    'begin writer',
    'end writer',
    'begin writer',
    'end writer',
  ]);
});

test('who leaves the queue, or fails, does not let the next one in too early', async () => {
  const { log, engine, run, release } = setUp();
  const first = run(engine('painter'));
  const leaving = new AbortController();
  const left = run(engine('left'), leaving.signal);
  const last = run(engine('writer'));
  leaving.abort();
  await expect(left).rejects.toMatchObject({ name: 'AbortError' });
  expect(log).toEqual(['begin painter']);
  await release();
  await release();
  await Promise.all([first, last]);
  expect(log).toEqual(['begin painter', 'end painter', 'stop painter', 'begin writer', 'end writer']);
});
