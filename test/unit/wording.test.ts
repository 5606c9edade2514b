import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import { variationsOf, worded } from '../../src/pipeline/wording';

const { generation, refiner } = DEFAULT_CONFIG;

test('the colour of the eyes stands where the words leave room for it', () => {
  expect(worded('open eyes, {iris} iris, photo', 'hazel')).toBe('open eyes, hazel iris, photo');
  expect(worded('{iris} eyes and {iris} light', 'green')).toBe('green eyes and green light');
});

test('a colour that is not known is not spoken of', () => {
  expect(worded('open eyes, {iris} iris, photo', null)).toBe('open eyes, photo');
  expect(worded('a woman with wide open {iris} eyes in soft light', null)).toBe(
    'a woman with wide open eyes in soft light',
  );
  expect(worded('{iris}', null)).toBe('');
  expect(worded('a photo,  sharp', null)).toBe('a photo,  sharp');
  expect(variationsOf(DEFAULT_CONFIG, null)[0]!.prompt).not.toMatch(/iris\b/);
});

test('as many variations as are asked for, at least one, each with a seed of its own that stays a seed', () => {
  const seeds = (numVariations: number, seed: number) =>
    variationsOf({ refiner, generation: { ...generation, numVariations, seed } }, 'blue').map((v) => v.seed);
  expect(seeds(3, 41)).toEqual([41, 42, 43]);
  expect(seeds(0, 7)).toEqual([7]);
  expect(seeds(2, 0xffff_ffff)).toEqual([0xffff_ffff, 0]);
});

test('wordings, one a line, take turns with each seed', () => {
  const prompt = ' open {iris} eyes\n\nwide open eyes \n';
  const asked = { refiner, generation: { ...generation, prompt, numVariations: 5, seed: 9 } };
  expect(variationsOf(asked, 'hazel').map((v) => [v.prompt, v.refinerPrompt, v.seed])).toEqual([
    ['open hazel eyes', 'open hazel eyes', 9],
    ['wide open eyes', 'wide open eyes', 9],
    ['open hazel eyes', 'open hazel eyes', 10],
    ['wide open eyes', 'wide open eyes', 10],
    ['open hazel eyes', 'open hazel eyes', 11],
  ]);
  const none = { refiner, generation: { ...generation, prompt: ' \n ', numVariations: 1 } };
  expect(variationsOf(none, null)[0]!.prompt).toBe('');
});

test('texts with as many lines go with the prompt line by line, any other is one text for all', () => {
  const texts = { prompt: 'one\ntwo {iris}\nthree', negativePrompt: 'not one\nnot two\nnot three' };
  const own = { ...refiner, prompt: 'fine one\nfine {iris} two\nfine three', negativePrompt: 'blur\nnoise' };
  const asked = { refiner: own, generation: { ...generation, ...texts, numVariations: 2, seed: 5 } };
  const common = { refinerNegativePrompt: 'blur, noise', seed: 5 };
  expect(variationsOf(asked, 'grey')).toEqual([
    { prompt: 'one', negativePrompt: 'not one', refinerPrompt: 'fine one', ...common },
    { prompt: 'two grey', negativePrompt: 'not two', refinerPrompt: 'fine grey two', ...common },
    { prompt: 'three', negativePrompt: 'not three', refinerPrompt: 'fine three', ...common },
  ]);
});

test('a refiner without words of its own has those of the painter', () => {
  const own = { ...refiner, prompt: 'crisp {iris} eyes', negativePrompt: '' };
  expect(variationsOf({ generation, refiner: own }, 'grey')[0]).toMatchObject({
    refinerPrompt: 'crisp grey eyes',
    refinerNegativePrompt: generation.negativePrompt,
  });
});
