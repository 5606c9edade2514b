/** Which model of WebLLM's speaks, by the library's own list. */
import { prebuiltAppConfig } from '@mlc-ai/web-llm';
import { expect, test } from 'vitest';
import { libraryKey } from '../../workers/language/webllmFiles';
import { chosenModel, folderOf, isAddress, modelAt } from '../../workers/language/webllmModels';

const list = prebuiltAppConfig.model_list;
const half = ['shader-f16'];
const facts = (features: readonly string[], ramHintGib: number | null, bufferBytes = 2 ** 31) => ({
  features,
  ramHintGib,
  bufferBytes,
});

test.each([
  [half, 8, 2 ** 31, 'Hermes-3-Llama-3.2-3B-q4f16_1-MLC'],
  [[], 8, 2 ** 31, 'Hermes-3-Llama-3.2-3B-q4f32_1-MLC'],
  [half, 4, 2 ** 31, 'Llama-3.2-1B-Instruct-q4f16_1-MLC'],
  [half, 8, 2 ** 28, 'Llama-3.2-1B-Instruct-q4f16_1-MLC'],
  [[], null, 2 ** 31, 'Llama-3.2-1B-Instruct-q4f32_1-MLC'],
])('features %j, %s GiB, buffers of %s bytes: %s', (features, ram, buffer, name) => {
  expect(chosenModel(list, '', facts(features, ram, buffer)).model_id).toBe(name);
});

test('without half precision no model of the list is given that computes with it', () => {
  const given = list.flatMap(({ model_id }) => {
    try {
      return [chosenModel(list, model_id, facts([], 8)).model_id];
    } catch (error) {
      expect(error).toMatchObject({
        code: 'gpu-too-small',
        details: { reason: expect.stringContaining(model_id) },
      });
      return [];
    }
  });
  expect(given.length).toBeGreaterThan(100);
  expect(given.filter((name) => name.includes('f16'))).toEqual([]);
});

test('with it every name of the list gives that model; a name that is not there is refused', () => {
  for (const { model_id } of list)
    expect(chosenModel(list, model_id, facts(half, 8)).model_id).toBe(model_id);
  expect(chosenModel(list, ' qwen3-0.6b-q4f16_1-mlc', facts(half, 8)).model_id).toBe(
    'Qwen3-0.6B-q4f16_1-MLC',
  );
  expect(() => chosenModel(list, 'Dolphin', facts(half, 8))).toThrow(
    expect.objectContaining({
      code: 'bad-request',
      details: expect.objectContaining({ field: 'wording.model' }),
    }),
  );
});

test('a model by its address, as the library would ask for it', () => {
  const library = 'https://example.org/libs/Mistral-7B.wasm';
  const model = modelAt(' https://example.org/me/Dolphin-Mistral-q4f32_1-MLC ', library, []);
  expect(model).toEqual({
    model: 'https://example.org/me/Dolphin-Mistral-q4f32_1-MLC',
    model_id: 'Dolphin-Mistral-q4f32_1-MLC',
    model_lib: library,
  });
  expect(folderOf(model)).toBe('https://example.org/me/Dolphin-Mistral-q4f32_1-MLC/resolve/main/');
  const branch = 'https://example.org/me/Dolphin/resolve/v2/';
  expect(folderOf({ model: branch })).toBe(branch);
  expect(modelAt(branch, library, []).model_id).toBe('Dolphin');
  expect([isAddress('HTTPS://a.b'), isAddress('Hermes'), isAddress('ftp://a')]).toEqual([true, false, false]);
});

test.each([
  ['https://example.org/m', 'lib.wasm', 'bad-request'],
  ['https://', 'https://example.org/l.wasm', 'bad-request'],
  ['https://example.org/Dolphin-q4f16_1-MLC', 'https://example.org/l.wasm', 'gpu-too-small'],
])('%s with %s: %s', (address, library, code) => {
  expect(() => modelAt(address, library, [])).toThrow(expect.objectContaining({ code }));
});

test('a library whose address the library itself would not keep has another name on the disk', () => {
  expect(libraryKey('http://localhost:8080/localhost/a.wasm')).toBe(
    'http://local-host:8080/local-host/a.wasm',
  );
  expect(libraryKey('https://example.org/a.wasm')).toBe('https://example.org/a.wasm');
});
