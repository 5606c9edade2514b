/** What the page says of painting, and what it takes from the form of a face. */
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import { AppError, type ErrorCode, type ErrorDetails } from '../../src/core/errors';
import { PAINTER_NETWORKS } from '../../src/core/painting';
import { problemsOf, valuesOf, wishOf } from '../../src/ui/painting/paintDraft';
import { paintedSentences } from '../../src/ui/painting/paintedSentences';
import { planSentence, planWords } from '../../src/ui/painting/planWords';
import { anotherSeed } from '../../src/ui/seed';
import { errorSentence, stayedSentence, whySentence } from '../../src/ui/words';
import { makeFacts } from '../fakes/gpu';
import { makeFile, makePack } from '../fakes/packList';

const plain = (text: string) => text.replaceAll('\u00A0', ' ');

test.each<[number, string]>([
  [0, 'one model at a time'],
  [1, 'two models at a time'],
  [2, 'three models at a time'],
  [4, 'five models at a time'],
  [5, 'all models at once'],
  [6, 'all models at once'],
])('a plan that keeps %i networks loaded: %s', (keeps, words) => {
  const plan = {
    sidePx: 768,
    keeps: PAINTER_NETWORKS.slice(0, keeps),
    together: true,
    pictures: 2,
    needsBytes: 4_531_000_000,
  };
  expect(plain(planWords(plan))).toBe(
    `Paints at 768 pixels; needs about 4.5 GB of graphics memory, ${words}.`,
  );
});

test('the plan follows the settings; a refiner that is not here is the sentence', () => {
  const painter = {
    base: makePack('sdxl-inpaint', { files: [makeFile('unet.onnx', 1_760_000_000)] }),
    refiner: null,
    facts: makeFacts({ ramHintGib: 8 }),
  };
  const { generation, refiner } = DEFAULT_CONFIG;
  const small = { ...DEFAULT_CONFIG, generation: { ...generation, paintedSize: 448 } };
  expect(planSentence(painter, small)).toMatch(/^Paints at 448 pixels/);
  expect(planSentence(painter, { ...small, refiner: { ...refiner, enabled: true } })).toBe(
    'The refiner is not on this computer. Get or import it under Models.',
  );
});

test.each<[ErrorCode, ErrorDetails, RegExp]>([
  [
    'model-missing',
    { pack: 'sdxl-inpaint' },
    /^The painter is not on this computer\. Get or import it under M/,
  ],
  [
    'model-missing',
    { pack: 'sdxl-inpaint', path: 'vocab.json', lost: true },
    /^The painter has lost a part on the disk\. Get or import it under Models\.$/,
  ],
  ['model-missing', { pack: 'sdxl-refiner' }, /^The refiner is not on this computer/],
  ['model-missing', { detector: 'retinaface' }, /^RetinaFace is not .* Models, or find faces in another way/],
  ['model-missing', {}, /^A file of the app is missing/],
  [
    'model-corrupt',
    { pack: 'sdxl-refiner', path: 'unet.onnx' },
    /^The refiner cannot be used: unet\.onnx.*again\.$/,
  ],
  ['gpu-missing', { pack: 'sdxl-inpaint' }, /^Painting needs a graphics card/],
  [
    'gpu-wrong',
    { pack: 'sdxl-refiner', operators: 'conv-12' },
    /wrong results and is not used\. Eyes from the photos and built-in ones work without it\.$/,
  ],
  ['gpu-wrong', { detector: 'retinaface', operators: 'conv-12' }, /wrong .* Let the detector run on the pro/],
  ['gpu-wrong', { operators: 'conv-12' }, /wrong .* The built-in way works without it\.$/],
  [
    'gpu-too-small',
    { pack: 'sdxl-inpaint', reason: 'It takes 9 GB.' },
    /^The painter cannot work on this computer\. It takes 9 GB\.$/,
  ],
  ['gpu-too-small', { pack: 'sdxl-inpaint' }, /too little memory for painting\. A smaller size/],
  ['gpu-too-small', {}, /too little memory for this/],
  [
    'engine-lost',
    { engine: 'painter', reason: 'out-of-memory', message: 'x' },
    /too little memory for painting\. A smaller size \(Settings\) may do, or closing other programs\.$/,
  ],
  ['engine-lost', { engine: 'vision', reason: 'out-of-memory' }, /^A part of the app stopped/],
  ['engine-lost', { engine: 'painter', reason: 'destroyed' }, /^A part of the app stopped/],
  ['engine-lost', { engine: 'painter', reason: 'silent' }, /did not answer .* Start the browser again/],
  ['GEN_001', { reason: 'not-finite' }, /^The graphics card gave no usable picture/],
  ['GEN_001', { reason: 'nothing-to-paint' }, /^The eyes of this face lie outside of what can be painted\.$/],
  ['GEN_001', { reason: 'new' }, /^Opening these eyes did not work/],
  ['GEN_001', {}, /^Opening these eyes did not work/],
  ['bad-request', { field: 'blend' }, /^The settings file could not be read\.$/],
  ['bad-request', { field: 'config' }, /^The settings file could not be read\.$/],
])('%s with %j', (code, details, sentence) => {
  expect(errorSentence(new AppError(code, 'x', details))).toMatch(sentence);
});

test.each<[string, string | number, string, string]>([
  ['side', 448, 'a multiple of 128 px', 'The setting Size is 448; '],
  ['strength', 0.01, 'so much that each model takes a step', 'The setting strength is 0.01; '],
  ['numInferenceSteps', 51, 'a whole number from 1 to 50', 'The setting numInferenceSteps is 51; '],
  ['refiner.guidanceScale', 60, 'a number', 'The setting refiner.guidanceScale is 60; '],
  ['generation.painted_size', '63', 'a multiple of 64', 'The setting generation.painted_size is 63; '],
  ['picture', 767, 'a square of 768 px', 'This face cannot be painted: picture is 767; '],
  ['variations', 0, 'at least one', 'This face cannot be painted: variations is 0; '],
])('%s that is %s is refused by its name, with what is allowed', (field, found, allowed, start) => {
  const refused = new AppError('bad-request', 'x', { field, found, allowed });
  expect(errorSentence(refused)).toBe(`${start}allowed is ${allowed}.`);
});

test('fine print: what was cut, and failures counted by their reason', () => {
  const unusable = { code: 'GEN_001', message: 'x', details: { reason: 'not-finite' } } as const;
  const lost = { code: 'engine-lost', message: 'x', details: {} } as const;
  expect(paintedSentences({ irisLeftOut: false, cut: '', failures: [] })).toEqual([]);
  expect(paintedSentences({ irisLeftOut: true, cut: '', failures: [] })).toEqual([
    'No photo shows the colour of these eyes, so the description said nothing of it. You can name it.',
  ]);
  expect(
    paintedSentences({ irisLeftOut: false, cut: 'blue sky', failures: [unusable, lost, unusable] }),
  ).toEqual([
    'The end of the description was too long and was not read: “blue sky”.',
    '2 pictures could not be painted. The graphics card gave no usable picture. Try another seed.',
    '1 picture could not be painted. A part of the app stopped and was started again. Please try once more.',
  ]);
});

test('a painted candidate says its seed; a face that keeps its eyes says why', () => {
  const origin = { kind: 'painted', photoName: 'p.jpg', sourceId: 'seed 43' } as const;
  expect(whySentence(origin, [])).toBe('Painted for this face, seed 43.');
  expect(whySentence(origin, ['glasses-near'])).toBe(
    'Painted for this face, seed 43: close to glasses; look closely.',
  );
  expect(stayedSentence(2, 'stays-closed')).toBe(
    'Face 3 keeps the eyes it had: the eye would still look closed.',
  );
  expect(stayedSentence(2, new AppError('GEN_001', 'x', { reason: 'not-finite' }))).toMatch(
    /^Face 3 keeps the eyes it had\. The graphics card gave/,
  );
});

test('the form starts from the settings and keeps what was changed', () => {
  const { prompt, negativePrompt } = DEFAULT_CONFIG.generation;
  const values = valuesOf({ seed: ' 0043 ', iris: 'grey' }, DEFAULT_CONFIG);
  const ofRefiner = { refinerPrompt: '', refinerNegativePrompt: '' };
  const words = { prompt, negativePrompt, ...ofRefiner, iris: 'grey', strength: 0.9 };
  expect(values).toEqual({ ...words, seed: ' 0043 ' });
  expect(problemsOf(values)).toEqual({});
  expect(wishOf(values)).toEqual({ ...words, seed: 43 });
  expect(wishOf({ ...values, iris: null })).not.toHaveProperty('iris');
});

test.each(['', ' ', '-1', '1.5', '1e3', '0x10', '4294967296', 'seven', 'NaN'])('%j is no seed', (seed) => {
  expect(Object.keys(problemsOf({ ...valuesOf({}, DEFAULT_CONFIG), seed }))).toEqual(['seed']);
});

test('the ends of the range are seeds, and so is another one', () => {
  for (const seed of ['0', '4294967295', String(anotherSeed())])
    expect(problemsOf({ ...valuesOf({}, DEFAULT_CONFIG), seed })).toEqual({});
});

test('no words and no strength are problems, nothing to avoid is none', () => {
  const values = { ...valuesOf({}, DEFAULT_CONFIG), prompt: ' \n', negativePrompt: '', strength: 0 };
  expect(Object.keys(problemsOf(values))).toEqual(['prompt', 'strength']);
});

test('more wordings than pictures can be asked for are too many', () => {
  const values = (lines: number) => valuesOf({ prompt: 'open eyes\n\n'.repeat(lines) }, DEFAULT_CONFIG);
  expect(problemsOf(values(16))).toEqual({});
  expect(problemsOf(values(17)).prompt).toMatch(/^Up to 16 wordings/);
});
