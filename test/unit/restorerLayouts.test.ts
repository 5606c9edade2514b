/** The small restorers of test/twins/codeformer in onnxruntime-web: tools/models/codeformer/closing.py and layouts.py. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { noise } from '../../workers/gpu/noise';
import { openNetwork } from '../../workers/ort/network';
import { asFloats, type FloatTensor, type Tensors } from '../../workers/ort/tensor';

const SIDE = 512;
const PLANE = SIDE * SIDE;
const picture: FloatTensor = { data: noise(5, 3 * PLANE), dims: [1, 3, SIDE, SIDE] };

async function answerOf(twin: string, feeds: Tensors): Promise<Tensors<FloatTensor>> {
  const file = resolve(import.meta.dirname, `../twins/codeformer/${twin}.onnx`);
  const network = await openNetwork(readFileSync(file), { fixedSizes: {} });
  const found = asFloats(await network.run(feeds));
  await network.release();
  return found;
}

const number = (value: number) => ({ data: Float64Array.of(value), dims: [1] });

/** By pixel: whether any colour of it is another. */
function changed(answer: FloatTensor): (x: number, y: number) => boolean {
  return (x, y) =>
    [0, 1, 2].some((c) => {
      const at = c * PLANE + y * SIDE + x;
      return answer.data[at] !== picture.data[at];
    });
}

test('the fidelity may be called w and have double precision; what matters comes out first', async () => {
  for (const [w, shares] of [
    [1, [1, 1, 1]],
    [0, [0.5, 0.625, 0.75]],
  ] as const) {
    const found = await answerOf('published_xw', { x: picture, w: number(w) });
    expect(Object.keys(found)).toEqual(['y', 'features']);
    for (const c of [0, 1, 2]) {
      const at = c * PLANE + 300 * SIDE + 41;
      expect(found['y']!.data[at]).toBeCloseTo(shares[c]! * picture.data[at]!, 6);
    }
  }
});

test('the closing restorer changes the eyes alone, and nothing at full fidelity', async () => {
  const none = changed((await answerOf('closing', { input: picture, weight: number(1) }))['output']!);
  const some = changed((await answerOf('closing', { input: picture, weight: number(0.7) }))['output']!);
  const always = changed((await answerOf('closing_always', { input: picture }))['output']!);
  for (const x of [193, 319]) {
    expect([none(x, 240), some(x, 240), always(x, 240)]).toEqual([false, true, true]);
    for (const away of [160, 320]) expect(some(x, away)).toBe(false);
  }
  expect(some(256, 240)).toBe(false);
});

test('the drifting restorer takes red and adds blue, in the irises alone', async () => {
  const found = (await answerOf('drifting', { input: picture }))['output']!;
  const is = changed(found);
  for (const x of [193, 319]) {
    const at = 240 * SIDE + x;
    expect(found.data[at]!).toBeLessThan(picture.data[at]!);
    expect(found.data[at + 2 * PLANE]!).toBeGreaterThan(picture.data[at + 2 * PLANE]!);
    expect(is(x + 16, 240)).toBe(false);
  }
});
