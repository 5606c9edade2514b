/** Wordings as files, and back. */
import { strFromU8, unzipSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG, formatConfig } from '../../src/core/config';
import type { Wording } from '../../src/core/wording';
import { readWordings, wordingsZip } from '../../src/pipeline/language/wordingFiles';

const { signal } = new AbortController();
const wording = (i: number): Wording => ({
  prompt: `open eyes ${i}`,
  negativePrompt: `closed ${i + 20}`,
  refinerPrompt: `crisp ${i + 40}`,
  refinerNegativePrompt: `soft ${i + 60}`,
});
const twelve = Array.from({ length: 12 }, (_, i) => ({
  wording: wording(i),
  speaker: i % 2 ? ('webllm' as const) : null,
}));

test('one file a wording, in a folder with the time in its name', async () => {
  const file = await wordingsZip(twelve, '20261126_061500', signal);
  expect(file.name).toBe('prompt_variations_20261126_061500.zip');
  const files = unzipSync(new Uint8Array(await file.arrayBuffer()));
  const names = Object.keys(files);
  expect([names[0], names[11]]).toEqual([
    'prompt_variations_20261126_061500/variation_01.json',
    'prompt_variations_20261126_061500/variation_12.json',
  ]);
  expect(JSON.parse(strFromU8(files[names[1]!]!))).toEqual({
    prompt: 'open eyes 1',
    negative_prompt: 'closed 21',
    refiner: { prompt: 'crisp 41', negative_prompt: 'soft 61' },
    engine: 'webllm',
  });
});

test('what was saved is read again, in its order; so is one file, and a whole config', async () => {
  const file = await wordingsZip(twelve, '20261126_061500', signal);
  expect(await readWordings(file, file.name)).toEqual(twelve.map((kept) => kept.wording));
  const one = new Blob(['{"prompt":" wide open eyes","refiner":{"prompt":"fine"}}']);
  expect(await readWordings(one, 'variation_01.JSON')).toEqual([
    { prompt: 'wide open eyes', negativePrompt: '', refinerPrompt: 'fine', refinerNegativePrompt: '' },
  ]);
  const config = new Blob([formatConfig(DEFAULT_CONFIG)]);
  expect((await readWordings(config, 'open-the-eyes.json'))[0]!.prompt).toBe(
    DEFAULT_CONFIG.generation.prompt,
  );
});

test('a config with several wordings gives them all', async () => {
  const config = new Blob([
    '{"prompt":"one\\ntwo","negative_prompt":"no one\\nno two","refiner":{"prompt":"x"}}',
  ]);
  const rest = { refinerPrompt: 'x', refinerNegativePrompt: '' };
  expect(await readWordings(config, 'open-the-eyes.json')).toEqual([
    { prompt: 'one', negativePrompt: 'no one', ...rest },
    { prompt: 'two', negativePrompt: 'no two', ...rest },
  ]);
});

test('what a Mac adds to an archive is passed over', async () => {
  const archive = zipSync({
    'kept/variation_01.json': bytes('{"prompt":"open"}'),
    '__MACOSX/kept/._variation_01.json': new Uint8Array([0, 5, 22, 7]),
    'kept/._variation_01.json': new Uint8Array([0, 5, 22, 7]),
  }) as Uint8Array<ArrayBuffer>;
  expect((await readWordings(new Blob([archive]), 'kept.zip')).map(({ prompt }) => prompt)).toEqual(['open']);
});

const bytes = (text: string) => new TextEncoder().encode(text);
test.each<[string, Uint8Array<ArrayBuffer>, string]>([
  ['no archive', bytes('hello'), 'x.zip'],
  [
    'an archive without wordings',
    zipSync({ 'a.txt': bytes('{"prompt":"a"}') }) as Uint8Array<ArrayBuffer>,
    'x.zip',
  ],
  ['an empty prompt', bytes('{"prompt":"  "}'), 'x.json'],
  ['no JSON', bytes('{"prompt":'), 'x.json'],
  ['a number for a prompt', bytes('{"prompt":7}'), 'x.json'],
  ['a file that swells', zipSync({ 'a.json': new Uint8Array(2 << 20) }) as Uint8Array<ArrayBuffer>, 'x.zip'],
  [
    'an archive that swells in many files',
    zipSync(
      Object.fromEntries(
        Array.from({ length: 12 }, (_, i) => [`${i}.json`, bytes(`{"prompt":"open${' '.repeat(99_000)}"}`)]),
      ),
    ) as Uint8Array<ArrayBuffer>,
    'x.zip',
  ],
])('%s is refused', async (_what, body, name) => {
  await expect(readWordings(new Blob([body]), name)).rejects.toMatchObject({ code: 'bad-request' });
});
