/** Real blinks opened with real eyes; skipped without the photos beside the repository. */
import { expect, test } from 'vitest';
import type { Face, Side } from '../../src/core/face';
import { CHANNELS } from '../../src/core/raster';
import { type Opened, openFace, photosPresent, type Seen, see, verdictOf } from './donorRoad';

const both: readonly Side[] = ['left', 'right'];

function largest(seen: Seen): Face {
  return [...seen.faces].sort((a, b) => b.box.width - a.box.width)[0]!;
}

/** No pixel outside the mask differs. */
function expectUntouchedOutside({ candidate, before, after }: Opened): void {
  const wrong = candidate.mask.data.findIndex(
    (m, i) =>
      m === 0 && [0, 1, 2, 3].some((c) => before.data[i * CHANNELS + c] !== after.data[i * CHANNELS + c]),
  );
  expect(wrong).toBe(-1);
}

test.skipIf(!photosPresent)(
  'a real wink is opened with its own other eye (skipped without ../shared)',
  async () => {
    const seen = await see('wink_01_dark_bg.jpg');
    const face = largest(seen);
    expect(face.verdicts.right.state).toBe('closed');
    const { opened } = await openFace(seen, face, ['right'], []);
    expect(opened).toHaveLength(1);
    expectUntouchedOutside(opened[0]!);
    expect(await verdictOf(opened[0]!.after)).toMatchObject({ right: 'open' });
  },
  60_000,
);

test.skipIf(!photosPresent)(
  'a burst opens both eyes of its closed frame (skipped without ../shared)',
  async () => {
    const closed = await see('burst_franck_04000_closed.jpg');
    const donors = [await see('burst_franck_04035_open.jpg'), await see('burst_franck_03909.jpg')];
    const { opened } = await openFace(closed, largest(closed), both, donors);
    expect(opened.length).toBeGreaterThan(0);
    expect(opened[0]!.candidate.origin.photoName).toBe('burst_franck_04035_open.jpg');
    for (const one of opened) expectUntouchedOutside(one);
    expect(await verdictOf(opened[0]!.after)).toEqual({ left: 'open', right: 'open' });
  },
  60_000,
);

test.skipIf(!photosPresent)(
  'an eye rebuilt from the other one is like the true one (skipped without ../shared)',
  async () => {
    const lines: string[] = [];
    for (const name of [
      'open_10_brown_skin_man.jpg',
      'open_21_hands_on_head.jpg',
      'open_28_24mp_bar.jpg',
      'open_01_astronaut.png',
    ]) {
      const seen = await see(name);
      const face = largest(seen);
      for (const side of both) {
        const { opened } = await openFace(seen, face, [side], []);
        const one = opened[0]!;
        expectUntouchedOutside(one);
        expect(await verdictOf(one.after)).toMatchObject({ [side]: 'open' });
        const off = meanDifference(one);
        lines.push(
          `${name} ${side}: mean difference ${off.toFixed(1)} codes, rank ${one.candidate.rank.toFixed(2)}`,
        );
        expect(off).toBeLessThan(36);
      }
    }
    process.stdout.write(`${lines.join('\n')}\n`);
  },
  120_000,
);

/** Mean absolute difference to the true eye inside the core, in codes. */
function meanDifference({ candidate, before, after }: Opened): number {
  let sum = 0;
  let count = 0;
  candidate.core!.data.forEach((core, i) => {
    if (core < 1) return;
    for (let c = 0; c < 3; c++)
      sum += Math.abs(before.data[i * CHANNELS + c]! - after.data[i * CHANNELS + c]!);
    count += 3;
  });
  return sum / count;
}
