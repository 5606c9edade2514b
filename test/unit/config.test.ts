import { expect, test } from 'vitest';
import { CONFIG_FIELDS, DEFAULT_CONFIG, formatConfig, parseConfig } from '../../src/core/config';
import { AppError } from '../../src/core/errors';

test('JSON out and in again is the same config', () => {
  expect(parseConfig(formatConfig(DEFAULT_CONFIG))).toEqual({ config: DEFAULT_CONFIG, unknown: [] });
});

test('a partial config is merged over the defaults, unknown fields are told', () => {
  const { config, unknown } = parseConfig(
    '{"crop":{"crop_output_size":640,"colour":1},"refiner":{"negative_prompt":"x"},"extra":{}}',
  );
  expect(config.crop).toEqual({ cropOutputSize: 640, useLargerEye: false });
  expect(config.refiner.negativePrompt).toBe('x');
  expect(config.blend).toEqual(DEFAULT_CONFIG.blend);
  expect(unknown).toEqual(['extra', 'crop.colour']);
});

test('the original system’s names at the top are those of the groups; what a group says itself counts more', () => {
  const flat = {
    prompt: 'open eyes',
    negative_prompt: 'hats',
    num_variations: 6,
    strength: 0.55,
    crop_output_size: 768,
    use_larger_eye: true,
    det_size: 320,
    seed: 17,
    refiner: { prompt: 'crisp', negative_prompt: 'soft', strength: 0.35 },
    generation: { seed: 18 },
    face_idx: 2,
  };
  const { config, unknown } = parseConfig(JSON.stringify(flat));
  expect(unknown).toEqual(['face_idx']);
  expect(config.generation).toMatchObject({
    prompt: 'open eyes',
    negativePrompt: 'hats',
    numVariations: 6,
    strength: 0.55,
    seed: 18,
  });
  expect(config.refiner).toMatchObject({ prompt: 'crisp', negativePrompt: 'soft', strength: 0.35 });
  expect([config.crop, config.detection.detSize]).toEqual([{ cropOutputSize: 768, useLargerEye: true }, 320]);
  expect(() => parseConfig('{"num_variations":17}')).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ field: 'generation.num_variations' }) }),
  );
});

test.each([
  ['{"blend":{"feather":101}}', 'blend.feather', 'a number from 0 to 100'],
  [
    '{"detection":{"det_size":650}}',
    'detection.det_size',
    'a whole number from 32 to 2048, a multiple of 32',
  ],
  ['{"generation":{"seed":1.5}}', 'generation.seed', 'a whole number from 0 to 4294967295'],
  ['{"generation":{"seed":null}}', 'generation.seed', 'a whole number from 0 to 4294967295'],
  ['{"output":{"format":"bmp"}}', 'output.format', 'one of same, png, jpeg, webp'],
  ['{"output":{"verbose":"yes"}}', 'output.verbose', 'true or false'],
])('%s is refused by name and range', (json, field, allowed) => {
  expect(() => parseConfig(json)).toThrow(AppError);
  try {
    parseConfig(json);
  } catch (error) {
    expect((error as AppError).code).toBe('bad-request');
    expect((error as AppError).details).toMatchObject({ field, allowed });
  }
});

test.each(['', '[]', '7', '{"blend":3}', '{"blend":[]}'])('%j is not a config', (json) => {
  expect(() => parseConfig(json)).toThrow(AppError);
});

test('every default lies in its own range', () => {
  for (const fields of Object.values(CONFIG_FIELDS)) {
    for (const field of Object.values(fields)) {
      if (field.kind === 'number') {
        expect(field.value).toBeGreaterThanOrEqual(field.min);
        expect(field.value).toBeLessThanOrEqual(field.max);
      }
      if (field.kind === 'choice') expect(field.options).toContain(field.value);
    }
  }
});
