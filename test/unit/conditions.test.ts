/** What the UNet is told of the prompts. On real encoders: sdxlPipeline.test.ts. */
import { expect, test } from 'vitest';
import { promptsOf, type Texts } from '../../workers/diffusion/conditions';
import type { FloatTensor } from '../../workers/ort/tensor';

const tensor = (dims: readonly number[], ...values: readonly number[]): FloatTensor => ({
  data: Float32Array.from(values),
  dims,
});
const timeIds = { positive: tensor([1, 2], 61, 62), negative: tensor([1, 2], 63, 64) };
/** Two tokens: two features by the first encoder, three by the second. */
const texts = (add: number): Texts => ({
  first: tensor([1, 2, 2], add + 1, add + 2, add + 3, add + 4),
  second: tensor([1, 2, 3], add + 5, add + 6, add + 7, add + 8, add + 9, add + 10),
  pooled: tensor([1, 2], add + 11, add + 12),
});

test('features of both encoders stand side by side, token by token', () => {
  expect(promptsOf(texts(0), texts(20), timeIds)).toEqual({
    positive: {
      prompt: tensor([1, 2, 5], 1, 2, 5, 6, 7, 3, 4, 8, 9, 10),
      pooled: tensor([1, 2], 11, 12),
      timeIds: timeIds.positive,
    },
    negative: {
      prompt: tensor([1, 2, 5], 21, 22, 25, 26, 27, 23, 24, 28, 29, 30),
      pooled: tensor([1, 2], 31, 32),
      timeIds: timeIds.negative,
    },
  });
});

test('where there is no negative prompt, its text is zero and its sizes are not', () => {
  const { negative } = promptsOf(texts(0), null, timeIds);
  expect(negative.prompt).toEqual(tensor([1, 2, 5], ...new Array<number>(10).fill(0)));
  expect(negative.pooled).toEqual(tensor([1, 2], 0, 0));
  expect(negative.timeIds).toBe(timeIds.negative);
});

test('a refiner is told what its one encoder says', () => {
  const [positive, negative] = [texts(0), texts(20)];
  const told = promptsOf({ ...positive, first: null }, { ...negative, first: null }, timeIds);
  expect(told.positive.prompt).toBe(positive.second);
  expect(told.negative.prompt).toBe(negative.second);
});

test('encoders that counted different tokens are refused', () => {
  const first = tensor([1, 3, 1], 1, 2, 3);
  expect(() => promptsOf({ ...texts(0), first }, null, timeIds)).toThrow('3 tokens cannot be joined with 2');
});
