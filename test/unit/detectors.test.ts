/** What the reference detectors make of answers that are not as they should be. The numbers: test/browser. */
import { describe, expect, test } from 'vitest';
import type { Detection } from '../../src/core/face';
import type { FloatTensor } from '../../workers/ort/tensor';
import * as det106 from '../../workers/vision/det106';
import * as retinaface from '../../workers/vision/retinaface';
import * as scrfd from '../../workers/vision/scrfd';

const CANVAS = { width: 64, height: 64 };

const tensor = (
  dims: readonly number[],
  data = new Float32Array(dims.reduce((a, b) => a * b, 1)),
): FloatTensor => ({
  data,
  dims,
});

/** Outputs for a canvas, all zero, then changed. */
function scrfdOutputs(change: (outputs: Record<string, FloatTensor>) => void = () => {}, canvas = CANVAS) {
  const outputs: Record<string, FloatTensor> = {};
  for (const stride of [8, 16, 32]) {
    const rows = (canvas.width / stride) * (canvas.height / stride) * 2;
    for (const values of [1, 4, 10]) outputs[`${values} at ${stride}`] = tensor([rows, values]);
  }
  change(outputs);
  return outputs;
}

/** One face at a row of stride 8. */
function put(
  outputs: Record<string, FloatTensor>,
  row: number,
  score: number,
  sides: readonly number[],
): void {
  outputs['1 at 8']!.data[row] = score;
  outputs['4 at 8']!.data.set(sides, row * 4);
}

describe('SCRFD', () => {
  test('nothing found is no face, and outputs are told by their sizes, with an axis for the batch too', () => {
    const outputs = scrfdOutputs((all) => put(all, 37, 0.9, [1, 1, 2, 2]));
    expect(scrfd.decode(scrfdOutputs(), CANVAS, 1)).toEqual([]);
    const plain = scrfd.decode(outputs, CANVAS, 1);
    const batched = Object.fromEntries(
      Object.entries(outputs)
        .reverse()
        .map(([name, { data, dims }], i) => [`${name} ${i}`, { data, dims: [1, ...dims] }]),
    );
    expect(plain).toHaveLength(1);
    // Row 37 is the second anchor of cell 18: third row, third column.
    expect(plain[0]).toMatchObject({ box: { x: 16 - 8, y: 16 - 8, width: 24, height: 24 } });
    expect(scrfd.decode(batched, CANVAS, 1)).toEqual(plain);
  });

  test('a missing output is model-corrupt and says what there is', () => {
    const without = scrfdOutputs((all) => Reflect.deleteProperty(all, '10 at 16'));
    const decode = () => scrfd.decode(without, CANVAS, 1);
    expect(decode).toThrow(expect.objectContaining({ code: 'model-corrupt' }));
    expect(decode).toThrow(/\[32, 10\].*4 at 16 \[32, 4\]/);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%s is an error, not "no face"', (value) => {
    for (const name of ['1 at 8', '4 at 16', '10 at 32']) {
      const wrong = scrfdOutputs((all) => all[name]!.data.fill(value, 3, 4));
      expect(() => scrfd.decode(wrong, CANVAS, 1)).toThrow(expect.objectContaining({ code: 'FACE_DET_001' }));
    }
  });

  test('a box without area is no face', () => {
    const flat = scrfdOutputs((all) => {
      put(all, 0, 0.9, [0, 0, 0, 0]);
      put(all, 20, 0.8, [1, -1, 1, 0.5]);
      put(all, 60, 0.7, [1, 1, 1, 1]);
    });
    expect(scrfd.decode(flat, CANVAS, 1).map(({ score }) => Math.fround(score))).toEqual([Math.fround(0.7)]);
  });

  test('a box smaller than a photo pixel or many times the picture is none', () => {
    const odd = scrfdOutputs((all) => {
      put(all, 0, 0.9, [1e-9, 0, 1e-9, 1]);
      put(all, 20, 0.8, [1e30, 1, 1e30, 1]);
      put(all, 40, 0.7, [1, 1, 1, 1]);
    });
    expect(scrfd.decode(odd, CANVAS, 1)).toHaveLength(1);
  });

  test('faces everywhere are an error, and not minutes of merging', () => {
    const canvas = { width: 640, height: 640 };
    const outputs = scrfdOutputs((all) => {
      for (const stride of [8, 16, 32]) all[`1 at ${stride}`]!.data.fill(0.6);
    }, canvas);
    expect(() => scrfd.decode(outputs, canvas, 1)).toThrow(/16800 faces/);
  });

  test('doubles are told by whole photo pixels, corners included', () => {
    const two = scrfdOutputs((all) => {
      put(all, 0, 0.9, [0, 0, 0.5, 0.5]);
      put(all, 2, 0.8, [0.75, 0, -0.25, 0.5]);
    });
    // 4 × 4 px from (0, 0) and from (2, 0): IoU 1/3 in plain px, (3·5)/(50 − 15) = 0.43 with a pixel more.
    expect(scrfd.decode(two, CANVAS, 1)).toHaveLength(1);
    expect(scrfd.decode(two, CANVAS, 0.01)).toHaveLength(2);
  });

  test('500 faces come out, best first', () => {
    const canvas = { width: 800, height: 800 };
    const outputs = scrfdOutputs(undefined, canvas);
    // Every fourth cell of every fifth row, both anchors and its neighbour: three hits a face.
    let faces = 0;
    for (let row = 0; row < 100; row += 5) {
      for (let column = 0; column < 100; column += 4, faces += 1) {
        const cell = row * 100 + column;
        [2 * cell, 2 * cell + 1, 2 * cell + 2].forEach((at, i) => {
          put(outputs, at, 0.99 - faces / 2000 - i / 10_000, i < 2 ? [1, 1, 2, 2] : [2, 1, 1, 2]);
        });
      }
    }
    const found = scrfd.decode(outputs, canvas, 1);
    expect(found).toHaveLength(faces);
    expect(faces).toBe(500);
    expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).sort((a, b) => b - a));
  });
});

describe('RetinaFace', () => {
  // 8 × 8 + 4 × 4 + 2 × 2 cells, two priors each; half a cell too many in width: 60 px.
  const SIZE = { width: 60, height: 64 };
  const PRIORS = 2 * (8 * 8 + 4 * 4 + 2 * 2);
  const outputs = (conf: (data: Float32Array) => void, landms: (data: Float32Array) => void = () => {}) => {
    const all = {
      loc: tensor([1, PRIORS, 4]),
      conf: tensor([1, PRIORS, 2]),
      landms: tensor([1, PRIORS, 10]),
    };
    conf(all.conf.data);
    landms(all.landms.data);
    return all;
  };
  const eyesApart = (data: Float32Array) => {
    for (let at = 0; at < data.length; at += 10) data.set([-3, 0, 3, 4, 0, 6], at);
  };
  const score = (prior: number, value: number) => (data: Float32Array) => {
    data[2 * prior + 1] = value;
  };

  test('cells are counted up, priors lie at their centres', () => {
    const [face] = retinaface.decode(
      outputs(score(3, 0.99), eyesApart),
      SIZE,
      1,
      'facelib',
    ) as Detection<'view'>[];
    expect(face).toMatchObject({ box: { x: 12 - 16, y: 4 - 16, width: 32, height: 32 } });
  });

  test('the variants differ in threshold and in the distance of the eyes', () => {
    const found = (value: number, variant: 'facelib' | 'facexlib', landms = eyesApart) =>
      retinaface.decode(outputs(score(3, value), landms), SIZE, 1, variant).length;
    expect([
      found(0.8, 'facelib'),
      found(0.81, 'facelib'),
      found(0.97, 'facexlib'),
      found(0.98, 'facexlib'),
    ]).toEqual([0, 1, 0, 1]);
    // Level eyes 19 px apart, the nose under the right one: facelib takes them for far away.
    const odd = (data: Float32Array) => {
      for (let at = 0; at < data.length; at += 10) data.set([-3, 0, 3, 0, 3, 6], at);
    };
    expect([found(0.99, 'facelib', odd), found(0.99, 'facexlib', odd)]).toEqual([0, 1]);
  });

  test('what is not its head is model-corrupt; NaN is an error', () => {
    const decode = (all: Record<string, FloatTensor>) => () => retinaface.decode(all, SIZE, 1, 'facelib');
    const { landms: _, ...without } = outputs(() => {});
    expect(decode(without)).toThrow(expect.objectContaining({ code: 'model-corrupt' }));
    expect(decode(outputs(score(3, 7.5)))).toThrow(/softmax/);
    expect(decode(outputs(score(3, Number.NaN)))).toThrow(expect.objectContaining({ code: 'FACE_DET_001' }));
  });
});

test('the 106-point network of another kind, or without numbers, is refused', () => {
  expect(() => det106.decode({ fc1: tensor([2, 204]) })).toThrow(/fc1 \[2, 204\].*\[n, 212\]/);
  const nan = tensor([1, 212]);
  nan.data[50] = Number.NaN;
  expect(() => det106.decode({ fc1: nan })).toThrow(expect.objectContaining({ code: 'FACE_DET_001' }));
});
