/** The restorer's contract: what it opens, keeps and refuses. Its pictures are held in restorationRoad.test.ts. */
import { beforeAll, expect, test } from 'vitest';
import { AppError } from '../../src/core/errors';
import type { TensorSpec } from '../../src/core/pack';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import type { RestoreRequest } from '../../src/core/restoration';
import type { ModelPack } from '../../workers/ort/diskPack';
import type { Network } from '../../workers/ort/network';
import type { Tensors } from '../../workers/ort/tensor';
import { createRestorer } from '../../workers/restoration/engine';
import { restoredPicture, restorerLayout } from '../../workers/restoration/layout';
import { movedCodes } from '../../workers/restoration/moved';
import { codeformerTwinPack } from '../fakes/restorerPacks';
import { noise } from './noise';

const SIDE_PX = 512;
const square = opaque(noise<'crop'>(SIDE_PX, SIDE_PX, 11));
const never = new AbortController().signal;

const asked = (more: Partial<RestoreRequest> = {}): RestoreRequest => ({
  restorer: 'codeformer',
  device: 'cpu',
  square,
  fidelity: 0.7,
  parse: false,
  ...more,
});

const spec = (name: string, type: string, dims: TensorSpec['dims']): TensorSpec => ({ name, type, dims });
const picture = spec('input', 'float32', [1, 3, SIDE_PX, SIDE_PX]);

/** A network of the test's own; gives its picture back where it is not told what else. */
interface Drawn {
  readonly inputs?: readonly TensorSpec[];
  readonly run?: (feeds: Tensors) => Tensors;
  readonly log?: string[];
}

function packOf(revision: string, { inputs = [picture], run, log = [] }: Drawn = {}): ModelPack {
  const network: Network = {
    inputs,
    run: async (feeds) => {
      log.push(`run ${revision}`);
      return run ? run(feeds) : { output: feeds[inputs[0]!.name]! };
    },
    release: async () => {
      log.push(`release ${revision}`);
    },
  };
  return {
    revision,
    text: () => Promise.reject(new Error('nobody asks for a text')),
    open: async () => {
      log.push(`open ${revision}`);
      return network;
    },
  };
}

const outputOf = (value: number): Tensors => ({
  output: { data: new Float32Array(3 * SIDE_PX * SIDE_PX).fill(value), dims: [1, 3, SIDE_PX, SIDE_PX] },
});

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error as AppError,
  );

let twin: ModelPack;
beforeAll(() => {
  twin = codeformerTwinPack();
});

test('the twin restores a square, opened once for both calls, and tells its phases in order', async () => {
  let opens = 0;
  const counted: ModelPack = {
    ...twin,
    open: (...all) => {
      opens += 1;
      return twin.open(...all);
    },
  };
  const restorer = createRestorer({ pack: async (id) => (id === 'codeformer' ? counted : null) });
  const phases: string[] = [];
  // The parser is not here: nobody looks, and nothing fails.
  const first = await restorer.restore(asked({ parse: true }), never, (phase) => phases.push(phase));
  const other = await restorer.restore(asked({ fidelity: 1 }), never, (phase) => phases.push(phase));
  expect(phases).toEqual(['opening', 'restoring', 'opening', 'restoring']);
  expect(opens).toBe(1);
  expect(first).toMatchObject({ parsed: null, fixed: false });
  expect(first.face.data.every((byte, i) => i % CHANNELS !== 3 || byte === 255)).toBe(true);
  expect(first.face.data).not.toEqual(other.face.data);
  expect(first.movedCodes).toBe(movedCodes(square, first.face));
});

test.each([
  ['input and weight of float64', [picture, spec('weight', 'float64', [1])], Float64Array, [1]],
  [
    'x and w of float64',
    [spec('x', 'float32', [1, 3, 512, 512]), spec('w', 'float64', [1])],
    Float64Array,
    [1],
  ],
  [
    'the weight first',
    [spec('w', 'float64', [1]), spec('x', 'float32', [1, 3, 512, 512])],
    Float64Array,
    [1],
  ],
  ['a weight of float32', [picture, spec('weight', 'float32', [1])], Float32Array, [1]],
  ['a weight without dimensions', [picture, spec('weight', 'float32', [])], Float32Array, []],
  ['a weight of free size', [picture, spec('weight', 'float32', ['weight?0'])], Float32Array, [1]],
  [
    'a picture of free sizes',
    [spec('input', 'float32', ['batch', 3, 'h', 'w']), spec('weight', 'float64', [1])],
    Float64Array,
    [1],
  ],
] as const)('%s: the picture and the fidelity find their places', (_, inputs, type, dims) => {
  const { feeds, fixed } = restorerLayout(inputs);
  expect(fixed).toBe(false);
  const data = { data: new Float32Array(6), dims: [1, 3, 1, 2] };
  const fed = feeds(data, 0.625);
  const dial = inputs.find(({ name }) => name.startsWith('w'))!;
  const face = inputs.find((input) => input !== dial)!;
  expect(Object.keys(fed).toSorted()).toEqual([dial.name, face.name].toSorted());
  expect(fed[face.name]).toBe(data);
  expect(fed[dial.name]!.data).toEqual(type.of(0.625));
  expect(fed[dial.name]!.dims).toEqual(dims);
});

test('a picture alone: the fidelity is left out, and that is said', async () => {
  const layout = restorerLayout([picture]);
  expect(layout.fixed).toBe(true);
  expect(Object.keys(layout.feeds({ data: new Float32Array(3), dims: [1, 3, 1, 1] }, 0.4))).toEqual([
    'input',
  ]);
  const restorer = createRestorer({ pack: async () => packOf('alone') });
  const { face, fixed, movedCodes: moved } = await restorer.restore(asked({ restorer: 'gfpgan' }), never);
  expect({ fixed, moved }).toEqual({ fixed: true, moved: 0 });
  expect(face.data).toEqual(square.data);
});

test.each([
  ['two pictures', [picture, spec('other', 'float32', [1, 3, 512, 512])]],
  ['no picture', [spec('weight', 'float64', [1])]],
  ['no input at all', []],
  ['a picture of another size', [spec('input', 'float32', [1, 3, 256, 256]), spec('weight', 'float64', [1])]],
  ['a picture of another type', [spec('input', 'uint8', [1, 3, 512, 512])]],
  ['a whole weight', [picture, spec('weight', 'int64', [1])]],
  ['a weight of two', [picture, spec('weight', 'float32', [2])]],
  ['two weights', [picture, spec('weight', 'float32', [1]), spec('w', 'float64', [1])]],
] as const)('%s: no restorer, and the error quotes the inputs', async (_, inputs) => {
  const restorer = createRestorer({ pack: async () => packOf('strange', { inputs }) });
  const error = await failureOf(restorer.restore(asked(), never));
  const found = inputs.map(({ name, type, dims }) => `${name} ${type} [${dims.join(', ')}]`).join('; ');
  expect(error).toMatchObject({ code: 'model-corrupt', details: { pack: 'codeformer', inputs: found } });
});

test('of several outputs the first picture is taken', () => {
  const features = { data: new Float32Array(4), dims: [1, 4] };
  const { output } = outputOf(0.25);
  expect(restoredPicture({ features, output: output!, later: outputOf(0.5)['output']! })).toBe(output);
  expect(() => restoredPicture({ features })).toThrow(/features/);
});

test.each([
  ['NaN', outputOf(Number.NaN), /not finite/],
  ['no picture', { features: { data: new Float32Array(4), dims: [1, 4] } }, /none of features/],
])(
  'a network that answers with %s fails with its reason, and the next call works',
  async (_, output, why) => {
    let spoilt = true;
    const run = (feeds: Tensors) => (spoilt ? output : { output: feeds['input']! });
    const restorer = createRestorer({ pack: async () => packOf('now and then', { run }) });
    const error = await failureOf(restorer.restore(asked(), never));
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'RES_001', details: { reason: expect.stringMatching(why) } });
    spoilt = false;
    expect((await restorer.restore(asked(), never)).movedCodes).toBe(0);
  },
);

test('one NaN among half a million numbers is enough', async () => {
  const run = () => {
    const answer = outputOf(0.25);
    answer['output']!.data[400_123] = Number.NaN;
    return answer;
  };
  const restorer = createRestorer({ pack: async () => packOf('one', { run }) });
  expect(await failureOf(restorer.restore(asked(), never))).toMatchObject({ code: 'RES_001' });
});

test('a square of another size is refused with its size', async () => {
  const restorer = createRestorer({ pack: async () => packOf('any') });
  const error = await failureOf(restorer.restore(asked({ square: raster<'crop'>(256, 512) }), never));
  expect(error).toMatchObject({ code: 'RES_001', details: { reason: expect.stringContaining('256×512') } });
});

test('a restorer that is not here is named', async () => {
  const restorer = createRestorer({ pack: async () => null });
  for (const id of ['codeformer', 'gfpgan'] as const) {
    const error = await failureOf(restorer.restore(asked({ restorer: id }), never));
    expect(error).toMatchObject({ code: 'model-missing', details: { pack: id } });
  }
});

test('an error of the parser names the parser, one of the restorer the restorer', async () => {
  const corrupt = new AppError('model-corrupt', 'not it', { path: 'parsenet.onnx' });
  const broken = (revision: string): ModelPack => ({
    ...packOf(revision),
    open: () => Promise.reject(corrupt),
  });
  const parserBroken = createRestorer({
    pack: async (id) => (id === 'parsenet' ? broken('p') : packOf('r')),
  });
  expect(await failureOf(parserBroken.restore(asked({ parse: true }), never))).toMatchObject({
    code: 'model-corrupt',
    details: { pack: 'parsenet', path: 'parsenet.onnx' },
  });
  expect((await parserBroken.restore(asked(), never)).parsed).toBeNull();
  const restorerBroken = createRestorer({ pack: async () => broken('r') });
  expect(await failureOf(restorerBroken.restore(asked(), never))).toMatchObject({
    details: { pack: 'codeformer' },
  });
});

test('what the parser says of the restored face becomes a soft mask', async () => {
  // 1: skin; 17: hair.
  const classes = new Uint8Array(SIDE_PX * SIDE_PX).map((_, i) => (i % SIDE_PX < SIDE_PX / 2 ? 1 : 17));
  const seen: number[] = [];
  const parser = packOf('parser', {
    run: (feeds) => {
      seen.push(Number(feeds['input']!.data[0]));
      return { classes: { data: classes, dims: [1, SIDE_PX, SIDE_PX] } };
    },
  });
  const restorer = createRestorer({
    pack: async (id) => (id === 'parsenet' ? parser : packOf('r', { run: () => outputOf(0.2) })),
  });
  const { parsed } = await restorer.restore(asked({ parse: true }), never);
  // It looks at what was drawn, not at what was seen: (round(0.6 · 255) / 255 − 0.5) · 2.
  expect(seen[0]).toBeCloseTo(0.2, 5);
  const at = (x: number) => parsed!.data[256 * SIDE_PX + x]!;
  expect([at(128), at(255), at(384)].map((share) => Math.round(10 * share) / 10)).toEqual([1, 0.5, 0]);
});

test('another revision on the disk, or another device, takes the place of the network that is open', async () => {
  const log: string[] = [];
  const packs = new Map(['first', 'second'].map((revision) => [revision, packOf(revision, { log })]));
  let revision = 'first';
  const restorer = createRestorer({ pack: async () => packs.get(revision)! });
  await restorer.restore(asked(), never);
  revision = 'second';
  await restorer.restore(asked(), never);
  await restorer.restore(asked({ device: 'gpu' }), never);
  expect(log).toEqual([
    'open first',
    'run first',
    'release first',
    'open second',
    'run second',
    'release second',
    'open second',
    'run second',
  ]);
});

test('a pack that was taken off the disk is no longer used', async () => {
  const log: string[] = [];
  let here: ModelPack | null = packOf('first', { log });
  const restorer = createRestorer({ pack: async () => here });
  await restorer.restore(asked(), never);
  here = null;
  expect(await failureOf(restorer.restore(asked(), never))).toMatchObject({ code: 'model-missing' });
  expect(log.at(-1)).toBe('release first');
});

test('a cancel before opens nothing, one between opening and running runs nothing', async () => {
  const log: string[] = [];
  const restorer = createRestorer({ pack: async () => packOf('first', { log }) });
  expect(await failureOf(restorer.restore(asked(), AbortSignal.abort()))).toMatchObject({
    name: 'AbortError',
  });
  expect(log).toEqual([]);
  const controller = new AbortController();
  const between = restorer.restore(asked(), controller.signal, (phase) => {
    if (phase === 'restoring') controller.abort();
  });
  expect(await failureOf(between)).toMatchObject({ name: 'AbortError' });
  expect(log).toEqual(['open first']);
  // The network that was opened is not lost.
  await restorer.restore(asked(), never);
  expect(log).toEqual(['open first', 'run first']);
});

function opaque({ width, height, data }: Raster<'crop'>): Raster<'crop'> {
  return raster(
    width,
    height,
    data.map((byte, i) => (i % CHANNELS === 3 ? 255 : byte)),
  );
}

function drawn(code: (x: number, y: number) => number): Raster<'crop'> {
  const data = new Uint8ClampedArray(SIDE_PX * SIDE_PX * CHANNELS);
  for (let i = 0; i < data.length; i += 1) {
    const pixel = Math.floor(i / CHANNELS);
    data[i] = i % CHANNELS === 3 ? 255 : code(pixel % SIDE_PX, Math.floor(pixel / SIDE_PX)) + (i % CHANNELS);
  }
  return raster(SIDE_PX, SIDE_PX, data);
}

test('how far a face moved counts light and features, neither detail nor the rim', () => {
  const flat = drawn(() => 90);
  expect(movedCodes(flat, flat)).toBe(0);
  expect(
    movedCodes(
      flat,
      drawn(() => 97),
    ),
  ).toBe(7);
  expect(
    movedCodes(
      drawn(() => 97),
      flat,
    ),
  ).toBe(7);
  // Checks of one pixel: ±40 codes that no eighth of the size shows.
  expect(
    movedCodes(
      flat,
      drawn((x, y) => ((x + y) % 2 ? 130 : 50)),
    ),
  ).toBe(0);
  // A frame of 64 px, an eighth of the side.
  const inside = (x: number, y: number) => Math.min(x, y, 511 - x, 511 - y) >= 64;
  expect(
    movedCodes(
      flat,
      drawn((x, y) => (inside(x, y) ? 90 : 210)),
    ),
  ).toBe(0);
  // A ninth of the middle: 128 of 384 px each way.
  const spot = (x: number, y: number) => x >= 192 && x < 320 && y >= 192 && y < 320;
  expect(
    movedCodes(
      flat,
      drawn((x, y) => (spot(x, y) ? 144 : 90)),
    ),
  ).toBeCloseTo(54 / 9, 10);
  expect(() => movedCodes(flat, raster<'crop'>(4, 4))).toThrow(RangeError);
});
