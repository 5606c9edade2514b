import { expect, test } from 'vitest';
import type { GpuCheck, GpuFacts } from '../../src/core/gpu';
import type { GpuNeeds, Pack } from '../../src/core/pack';
import { gpuReport } from '../../src/engines/gpu';

const GIB = 2 ** 30;
const right: GpuCheck = { runtime: '1.30.0', subgroups: true, wrong: [] };
const card: GpuFacts = {
  name: 'acme meadow',
  software: false,
  features: ['shader-f16', 'subgroups'],
  bufferBytes: 2 * GIB - 4,
  ramHintGib: 8,
  check: right,
};
const needs: GpuNeeds = {
  required: true,
  features: ['shader-f16'],
  bufferBytes: 90e6,
  operators: ['conv-12', 'attention'],
};

function pack(gpu: Partial<GpuNeeds> | null, workingSetGb = 5): Pack {
  return {
    id: 'unet',
    title: 'T',
    purpose: 'P',
    origin: 'download',
    licence: { id: 'MIT', url: 'https://example.org/mit' },
    restricted: null,
    revision: '1',
    baseUrl: null,
    provenance: [],
    files: [],
    tensors: [],
    gpu: gpu && { ...needs, ...gpu },
    workingSetBytes: workingSetGb * 1e9,
  };
}

const plain = (text: string) => text.replaceAll('\u00A0', ' ');
const summary = (facts: GpuFacts | null) => gpuReport(facts, []).summary.map(plain);

function fitOf(facts: GpuFacts | null, of: Pack) {
  const fit = gpuReport(facts, [of]).fits['unet']!;
  return { ...fit, reason: plain(fit.reason) };
}

/** What is told of every card, after its name. */
const TOLD = [
  'It gives at most 2.15 GB of memory in one piece.',
  "The browser puts this computer's memory at 8 GB or more.",
];

test('a good card has a name, a good word, and its features and limits', () => {
  expect(summary(card)).toEqual([
    'The browser calls the graphics card “acme meadow”.',
    'It was checked and computes correctly.',
    'It computes with half-precision numbers, which most large models need.',
    ...TOLD,
  ]);
});

test('no card', () => {
  expect(summary(null)).toEqual([
    'This browser gives web pages no graphics card. What needs none works all the same.',
  ]);
});

test('what is wrong comes first, then what is slow, then what is missing', () => {
  const check: GpuCheck = { ...right, subgroups: false, wrong: ['conv-9', 'attention', 'instance-norm'] };
  expect(summary({ ...card, software: true, features: [], check })).toEqual([
    'This graphics card gets attention and normalisations wrong, so it is not used.',
    'This is no real graphics card: the processor imitates one, which is very slow.',
    'The browser calls the graphics card “acme meadow”.',
    'It does not compute with half-precision numbers, which most large models need.',
    ...TOLD,
  ]);
});

test.each<[number | null, string]>([
  [null, 'The browser does not tell how much memory this computer has.'],
  [0.5, "The browser puts this computer's memory at about 0.5 GB."],
  [4, "The browser puts this computer's memory at about 4 GB."],
  [8, "The browser puts this computer's memory at 8 GB or more."],
  [32, "The browser puts this computer's memory at 32 GB or more."],
])('the RAM is told as the browser gives it: %j', (ramHintGib, sentence) => {
  expect(summary({ ...card, ramHintGib }).at(-1)).toBe(sentence);
});

test.each<[number, string]>([
  [0.125 * GIB, '134 MB'],
  [1e9, '1 GB'],
  [999_600_000, '1 GB'],
  [4 * GIB, '4.29 GB'],
])('the largest piece of memory is told in decimal units: %d', (bufferBytes, words) => {
  expect(summary({ ...card, bufferBytes })).toContain(`It gives at most ${words} of memory in one piece.`);
});

test.each<[GpuCheck | null, string]>([
  [null, 'Whether it computes correctly has not been checked yet.'],
  [
    { ...right, wrong: ['conv-9'] },
    'It was checked and computes all but convolutions of 9 channels correctly.',
  ],
  [
    { ...right, subgroups: false },
    'It was checked and computes correctly, without a shortcut that gave wrong results.',
  ],
])('the check in a sentence: %j', (check, sentence) => {
  expect(summary({ ...card, check })[1]).toBe(sentence);
});

test.each<[string, GpuFacts | null, Pack, boolean, string]>([
  ['all is well', card, pack({}), true, ''],
  ['it was not checked', { ...card, check: null }, pack({}), true, ''],
  ['no GPU is needed', null, pack(null), true, ''],
  [
    'there is none',
    null,
    pack({}),
    false,
    'It is made for a graphics card, and this browser gives web pages none.',
  ],
  [
    'it can do without',
    null,
    pack({ required: false }),
    true,
    'It is made for a graphics card, and this browser gives web pages none. It runs on the processor instead, which is slower.',
  ],
  [
    'a feature is missing',
    { ...card, features: ['subgroups'] },
    pack({}),
    false,
    'It uses half-precision numbers, which the graphics card does not offer.',
  ],
  [
    'buffers are too small',
    { ...card, bufferBytes: 0.125 * GIB },
    pack({ bufferBytes: 1.07e9 }),
    false,
    'It takes 1.07 GB of memory in one piece; the graphics card gives 134 MB at most.',
  ],
  [
    'an operator that it uses is wrong',
    { ...card, check: { ...right, wrong: ['conv-9'] } },
    pack({ operators: ['conv-9', 'attention'] }),
    false,
    'The graphics card gets convolutions of 9 channels wrong.',
  ],
  [
    'an operator that it does not use is wrong',
    { ...card, check: { ...right, wrong: ['conv-9'] } },
    pack({}),
    true,
    '',
  ],
  [
    'an essential operator is wrong',
    { ...card, check: { ...right, wrong: ['matmul-4bit'] } },
    pack({}),
    false,
    'The graphics card gets products with 4-bit numbers wrong.',
  ],
  [
    'the card is imitated',
    { ...card, software: true },
    pack({}),
    true,
    'It will be very slow: the processor imitates the graphics card.',
  ],
  ['the memory is not told', { ...card, ramHintGib: null }, pack({}, 90), true, ''],
  [
    'the memory is surely too little',
    { ...card, ramHintGib: 4 },
    pack({}, 6.5),
    false,
    'It takes about 6.5 GB of memory while it works; this computer has about 4 GB.',
  ],
  [
    'the memory may be too little',
    { ...card, ramHintGib: 4 },
    pack({}, 5.253),
    true,
    'It takes about 5.25 GB of memory while it works; this computer has about 4 GB, which may not be enough.',
  ],
  [
    'the browser tells no more',
    { ...card, ramHintGib: 8 },
    pack({}, 13),
    true,
    'It takes about 13 GB of memory while it works; the browser tells only that there are at least 8 GB.',
  ],
])('a pack when %s', (_what, facts, of, fits, reason) => {
  expect(fitOf(facts, of)).toMatchObject({ fits, reason });
});

test('where a pack runs', () => {
  expect(fitOf(card, pack({ required: false })).onGpu).toBe(true);
  expect(fitOf(null, pack({ required: false })).onGpu).toBe(false);
  expect(fitOf(card, pack(null)).onGpu).toBe(false);
});
