/** Settings in the page's address. */
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import { settingsOfAddress } from '../../src/ui/address';

const page = (search: string) => `https://eyes.example/app/${search}`;
const files: Readonly<Record<string, string>> = {
  'https://eyes.example/app/mine.json': '{"blend":{"feather":31},"num_variations":9,"hats":1}',
};
const settings = (search: string) =>
  settingsOfAddress(page(search), DEFAULT_CONFIG, async (url) => files[url.href] ?? '');

test('an address without settings says nothing', async () => {
  expect(await settings('')).toBeNull();
  expect(await settings('?script')).toBeNull();
});

test('a file beside the app, the count over it, and verbose', async () => {
  const read = await settings('?config=mine.json&num-variations=7&verbose');
  expect(read!.config.blend.feather).toBe(31);
  expect(read!.config.generation.numVariations).toBe(7);
  expect(read!.config.output.verbose).toBe(true);
  expect(read!.unknown).toEqual(['hats']);
  expect((await settings('?config=mine.json&verbose=false'))!.config.generation.numVariations).toBe(9);
});

test('the config itself in the address', async () => {
  const json = encodeURIComponent('{"generation":{"seed":5}}');
  expect((await settings(`?config=${json}`))!.config.generation.seed).toBe(5);
});

test.each([
  ['?num-variations=17', 'generation.num_variations'],
  ['?num-variations=four', 'generation.num_variations'],
  ['?num-variations=', 'generation.num_variations'],
  ['?verbose=perhaps', 'address.verbose'],
  ['?config=https://elsewhere.example/x.json', 'address.config'],
  ['?config={"blend":{"feather":-1}}', 'blend.feather'],
])('%s is refused by name', async (search, field) => {
  await expect(settings(search)).rejects.toMatchObject({ code: 'bad-request', details: { field } });
});
