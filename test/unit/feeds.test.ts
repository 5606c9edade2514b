import { expect, test } from 'vitest';
import { AppError } from '../../src/core/errors';
import type { TensorSpec } from '../../src/core/pack';
import { expectFeeds } from '../../workers/ort/expectFeeds';
import { expectGraph } from '../../workers/ort/expectGraph';
import { asFloats, type Tensor, type TensorData, type Tensors } from '../../workers/ort/tensor';

const sample: TensorSpec = { name: 'sample', type: 'float16', dims: ['batch', 9, 'height', 8] };
const step: TensorSpec = { name: 'step', type: 'int64', dims: [1] };
const text: TensorSpec = { name: 'text', type: 'float32', dims: ['batch', 77] };
const mask: TensorSpec = { name: 'mask', type: 'bool', dims: ['height'] };
const scalar: TensorSpec = { name: 'scalar', type: 'float64', dims: [] };
const inputs = [sample, step, text, mask, scalar];

const tensor = (data: TensorData, ...dims: number[]): Tensor => ({ data, dims });
const good: Tensors = {
  sample: tensor(new Uint16Array(2 * 9 * 3 * 8), 2, 9, 3, 8),
  step: tensor(new BigInt64Array(1), 1),
  text: tensor(new Float32Array(154), 2, 77),
  mask: tensor(new Uint8Array(3), 3),
  scalar: tensor(new Float64Array(1)),
};

test('feeds that fit are taken', () => {
  expect(() => expectFeeds(inputs, good)).not.toThrow();
});

const { mask: _mask, ...maskless } = good;

test.each<[string, Tensors, string]>([
  ['missing', maskless, 'input mask (bool [height]) was not fed'],
  ['unknown', { ...good, latents: good['step']! }, 'no input latents, only sample, step, text, mask, scalar'],
  [
    'of another type',
    { ...good, step: tensor(new Int32Array(1), 1) },
    'input step wants int64 [1], got int32 [1]',
  ],
  [
    'of bytes where floats are wanted',
    { ...good, text: tensor(new Uint8Array(154), 2, 77) },
    'input text wants float32 [batch, 77], got uint8 [2, 77]',
  ],
  [
    'of another rank',
    { ...good, text: tensor(new Float32Array(154), 1, 2, 77) },
    'input text wants float32 [batch, 77], got float32 [1, 2, 77]',
  ],
  [
    'of another size',
    { ...good, sample: tensor(new Uint16Array(192), 2, 4, 3, 8) },
    'input sample wants float16 [batch, 9, height, 8], got float16 [2, 4, 3, 8]',
  ],
  [
    'not filled',
    { ...good, mask: tensor(new Uint8Array(5), 3) },
    'input mask wants bool [height], got bool [3] with 5 values instead of 3',
  ],
  [
    'of another batch than the first',
    { ...good, text: tensor(new Float32Array(77), 1, 77) },
    'input text wants float32 [batch, 77], got float32 [1, 77], but batch is 2 in input sample',
  ],
])('a feed that is %s is refused with both shapes', (_what, feeds, message) => {
  expect(() => expectFeeds(inputs, feeds)).toThrow(RangeError);
  expect(() => expectFeeds(inputs, feeds)).toThrow(message);
});

const spec = { path: 'unet/model.onnx', inputs: [sample, step], outputs: [text] };

test('a graph that is as the catalog says is taken; its free dimensions may have other names or fixed sizes', () => {
  const same = { ...spec, outputs: [{ ...text, dims: ['rows', 77] }] };
  expect(() => expectGraph(spec, same, {})).not.toThrow();
  const fixed = { ...spec, inputs: [{ ...sample, dims: [2, 9, 'h', 8] }, step] };
  expect(() => expectGraph(spec, fixed, { batch: 2 })).not.toThrow();
  // As in InsightFace's det_10g: sizes of the input it was traced with, which is not the only one it takes.
  const traced = { ...spec, outputs: [{ ...text, dims: [12800, 77] }] };
  expect(() => expectGraph(spec, traced, {})).not.toThrow();
});

test.each<[string, Partial<typeof spec>, string, string]>([
  [
    'another size',
    { outputs: [{ ...text, dims: ['batch', 64] }] },
    'float32 [batch, 64]',
    'float32 [batch, 77]',
  ],
  ['a free size', { inputs: [sample, { ...step, dims: ['n'] }] }, 'int64 [n]', 'int64 [1]'],
  [
    'a fixed size',
    { inputs: [{ ...sample, dims: [3, 9, 'height', 8] }, step] },
    'float16 [3, 9',
    'float16 [batch, 9',
  ],
  [
    'another type',
    { inputs: [{ ...sample, type: 'float32' }, step] },
    'float32 [batch, 9',
    'float16 [batch, 9',
  ],
  ['one input less', { inputs: [sample] }, 'absent', 'int64 [1]'],
  ['one output more', { outputs: [text, mask] }, 'bool [height]', 'absent'],
])('a graph with %s is model-corrupt and quotes both', (_what, change, found, expected) => {
  const failure = (() => {
    try {
      return expectGraph(spec, { ...spec, ...change }, { batch: 2 });
    } catch (error) {
      return error;
    }
  })() as AppError;
  expect(failure).toBeInstanceOf(AppError);
  expect(failure.code).toBe('model-corrupt');
  expect(failure.details).toMatchObject({ path: 'unet/model.onnx' });
  expect(failure.details['found']).toContain(found);
  expect(failure.details['expected']).toContain(expected);
  expect(failure.message).toContain(found);
  expect(failure.message).toContain(expected);
});

test('answers that are not float32 are named', () => {
  expect(() => asFloats({ a: good['text']!, b: good['sample']! })).toThrow('b is not float32');
});
