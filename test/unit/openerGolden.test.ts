/** The built-in network is fed in the app what it was trained on: against tools/train's own Python. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toStrip } from '../../src/core/opening';
import { GUIDE_MAPS } from '../../workers/opener/guide';
import type { Network } from '../../workers/ort/network';
import { asFloats } from '../../workers/ort/tensor';
import { apart, cases, faceOf, feedsOf, openTwin, withScriptsRandom } from './openerGolden';

/** Formulas: only float32 parts the two. */
const COMPUTED_CODES = 0.01;
/** A face that is made smaller is averaged by another filter than OpenCV's. */
const SHRUNK_CODES = { largest: 1.5, mean: 0.3 };
/** What a context in bytes makes of the answer. */
const ROUNDED_CODES = 0.15;

let network: Network;
beforeAll(async () => {
  network = await openTwin();
});
afterAll(() => network.release());

test.each(cases)(
  '$name: the strip lies where it lies in training, and the head is turned as there',
  (one) => {
    const { eyes, pose } = faceOf(one);
    const { a, b, c, d, tx, ty } = toStrip(eyes);
    one.toStrip.flat().forEach((value, i) => {
      expect([a, b, tx, c, d, ty][i]).toBeCloseTo(value, 6);
    });
    expect(pose.yawRad).toBeCloseTo(one.yawPitch[0]!, 9);
    expect(pose.pitchRad).toBeCloseTo(one.yawPitch[1]!, 9);
  },
);

test.each(cases)('$name: it is fed what it was fed in training, and answers alike', async (one) => {
  const feeds = await feedsOf(one);
  for (const name of ['mask', 'guide'] as const) {
    expect(apart(feeds[name]!, one[name]).largest, name).toBeLessThan(COMPUTED_CODES);
  }
  const picture = apart(feeds['picture']!, one.picture);
  expect(picture.largest).toBeLessThan(SHRUNK_CODES.largest);
  expect(picture.mean).toBeLessThan(SHRUNK_CODES.mean);
  // The app's context is in bytes.
  const context = apart(feeds['context']!, one.context);
  expect(context.largest).toBeLessThan(SHRUNK_CODES.largest);
  expect(context.mean).toBeLessThan(SHRUNK_CODES.mean);
  const { eyes } = asFloats(await network.run(withScriptsRandom(feeds, one)));
  const answer = apart(eyes!, one.eyes);
  expect(answer.largest).toBeLessThan(picture.largest + ROUNDED_CODES);
  expect(answer.means).toBeLessThan(picture.means + ROUNDED_CODES);
});

test.each(cases)(
  '$name: the colour is told where it is known, and the head’s turn leads the style',
  async (one) => {
    const feeds = await feedsOf(one);
    const { data } = feeds['guide']!;
    const planePx = data.length / GUIDE_MAPS;
    const most = (map: number) => Math.max(...data.subarray(map * planePx, (map + 1) * planePx));
    expect([2, 3, 4].map((map) => Math.round(255 * most(map)))).toEqual(one.colour ?? [0, 0, 0]);
    expect([...feeds['style']!.data.subarray(0, 2)]).toEqual(one.yawPitch.map(Math.fround));
  },
);
