/** Ways to paint that have a name, and what makes a way one's own. */
import { expect, test } from 'vitest';
import { type Config, DEFAULT_CONFIG, formatConfig, parseConfig } from '../../src/core/config';
import {
  needsRefiner,
  PAINT_PRESETS,
  type PaintPreset,
  presetOf,
  withPreset,
} from '../../src/core/paintPresets';

const documented = withPreset(DEFAULT_CONFIG, 'documented');

test('the defaults are the recommended way', () => {
  expect(presetOf(DEFAULT_CONFIG)).toBe('recommended');
  expect(withPreset(documented, 'recommended')).toEqual(DEFAULT_CONFIG);
});

test('as documented: guidance 15 in 30 steps of seed 42, refined at 0.4 in 5 steps with guidance 20', () => {
  expect(documented.generation).toEqual({
    ...DEFAULT_CONFIG.generation,
    guidanceScale: 15,
    numInferenceSteps: 30,
    seed: 42,
  });
  expect(documented.refiner).toEqual({
    ...DEFAULT_CONFIG.refiner,
    enabled: true,
    strength: 0.4,
    numInferenceSteps: 5,
    guidanceScale: 20,
  });
  expect(presetOf(documented)).toBe('documented');
});

test('fast has fewer steps than recommended, best quality more; only what refines needs a refiner', () => {
  const stepsOf = (preset: PaintPreset) => PAINT_PRESETS[preset].generation.numInferenceSteps;
  expect(stepsOf('fast')).toBeLessThan(stepsOf('recommended'));
  expect(stepsOf('hq')).toBeGreaterThan(stepsOf('recommended'));
  const presets = Object.keys(PAINT_PRESETS) as PaintPreset[];
  expect(presets.filter(needsRefiner)).toEqual(['hq', 'documented']);
  for (const preset of presets) {
    const config = withPreset(documented, preset);
    expect(presetOf(config)).toBe(preset);
    expect(parseConfig(formatConfig(config)).config).toEqual(config);
  }
});

test.each<[string, Partial<Config['generation']>, Partial<Config['refiner']>]>([
  ['seed', { seed: 41 }, {}],
  ['strength', { strength: 0.8 }, {}],
  ['scheduler', { scheduler: 'euler' }, {}],
  ['prefill', { prefill: false }, {}],
  ['refiner steps', {}, { numInferenceSteps: 6 }],
  ['refiner by', {}, { by: 'latents' }],
])('another %s is an own way', (_, generation, refiner) => {
  expect(
    presetOf({
      ...documented,
      generation: { ...documented.generation, ...generation },
      refiner: { ...documented.refiner, ...refiner },
    }),
  ).toBe('own');
});

test('words, number and size belong to no preset and survive a change of it', () => {
  const words = { prompt: 'brown eyes', negativePrompt: 'hats', numVariations: 3, paintedSize: 704 };
  const mine = { ...documented, generation: { ...documented.generation, ...words } };
  expect(presetOf(mine)).toBe('documented');
  expect(withPreset(mine, 'recommended').generation).toMatchObject({ ...words, guidanceScale: 7 });
});
