/** Unfinished paintings on this browser's real disk. */
import { beforeEach, expect, test } from 'vitest';
import { dropPaintingsBefore } from '../../src/models/ledger';
import { sweepPaintings } from '../../src/models/paintings';
import { diskCheckpoints } from '../../workers/diffusion/diskCheckpoints';

const state = (next: number, value: number) => ({
  next,
  latents: { data: Float32Array.of(value, -value), dims: [1, 2] },
  memory: next % 2 ? Float32Array.of(value / 3) : null,
});

beforeEach(() => dropPaintingsBefore('9'));

test('a state comes back as it was kept, the last one counts, and others are left alone', async () => {
  await diskCheckpoints.put('one', state(3, 0.1));
  await diskCheckpoints.put('two', state(5, 0.2));
  await diskCheckpoints.put('one', state(4, 0.7));
  expect(await diskCheckpoints.get('one')).toEqual(state(4, 0.7));
  expect(await diskCheckpoints.get('three')).toBeNull();
  await diskCheckpoints.drop(['one']);
  expect(await diskCheckpoints.get('one')).toBeNull();
  expect(await diskCheckpoints.get('two')).toEqual(state(5, 0.2));
});

test('what nobody came back for within a day is swept away', async () => {
  await diskCheckpoints.put('one', state(3, 0.1));
  await sweepPaintings(Date.now() + 23 * 3_600_000);
  expect(await diskCheckpoints.get('one')).not.toBeNull();
  await sweepPaintings(Date.now() + 25 * 3_600_000);
  expect(await diskCheckpoints.get('one')).toBeNull();
});
