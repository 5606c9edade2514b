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
