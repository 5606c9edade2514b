/** What the page says of eyes that the built-in network made, and what it takes from the form of a face. */
import { expect, test } from 'vitest';
import { CONFIG_FIELDS, DEFAULT_CONFIG } from '../../src/core/config';
import type { CandidateOrigin } from '../../src/core/generation';
import { cssOf, type MakeDraft, valuesOf, wishOf } from '../../src/ui/making/makeDraft';
import { GENERATORS, MAKERS, madeSentences, percentOf, whySentence } from '../../src/ui/words';

const origin: CandidateOrigin = {
  kind: 'built-in',
  photoName: 'p.jpg',
  sourceId: 'seed 43',
  builtIn: { seed: 43, openness: 1.1, iris: { red: 61, green: 98, blue: 124 } },
};

test('every generator of the settings has words, and so has every maker', () => {
  expect(Object.keys(GENERATORS)).toEqual(CONFIG_FIELDS.generation.generator.options);
  const words = Object.values(MAKERS);
  expect(new Set(words).size).toBe(words.length);
});

test('a built-in candidate says its seed, and that it is made up', () => {
  expect(whySentence(origin, [])).toBe('Made for this face by the built-in network, seed 43.');
  expect(madeSentences(origin)).toEqual([expect.stringMatching(/^These eyes are made up: .*real ones\.$/)]);
  const chosen = { ...origin, builtIn: { ...origin.builtIn!, iris: null } };
  expect(madeSentences(chosen)).toEqual([
    expect.stringMatching(/^These eyes are made up/),
    expect.stringMatching(/^No photo shows their colour/),
  ]);
  for (const kind of ['other-eye', 'other-photo', 'painted'] as const)
    expect(madeSentences({ kind, photoName: 'p.jpg', sourceId: 'x' })).toEqual([]);
});

test('the form starts from the settings and keeps what was changed', () => {
  const generation = { ...DEFAULT_CONFIG.generation, openness: 0.85, seed: 71 };
  expect(valuesOf({}, generation)).toMatchObject({ iris: 'photos', openness: 0.85, seed: 71 });
  expect(valuesOf({ seed: 4_294_967_295, iris: 'own', ownIris: '#0a7fc4' }, generation)).toEqual({
    iris: 'own',
    ownIris: '#0a7fc4',
    openness: 0.85,
    seed: 4_294_967_295,
  });
});

test.each<[MakeDraft, ReturnType<typeof wishOf>['iris']]>([
  [{}, undefined],
  [{ iris: 'photos', ownIris: '#0a7fc4' }, undefined],
  [
    { iris: 'hazel', ownIris: '#0a7fc4' },
    { red: 110, green: 91, blue: 68 },
  ],
  [
    { iris: 'own', ownIris: '#0a7fc4' },
    { red: 10, green: 127, blue: 196 },
  ],
])('%j asks for the colour %j', (draft, iris) => {
  const wish = wishOf(valuesOf({ openness: 1.2, seed: 5, ...draft }, DEFAULT_CONFIG.generation));
  expect(wish).toEqual({ openness: 1.2, seed: 5, ...(iris && { iris }) });
});

test('shares in percent, colours in whole codes', () => {
  expect(percentOf(1.1500000000000001)).toBe('115 %');
  expect(cssOf({ red: 94.4, green: 60.6, blue: 0 })).toBe('rgb(94 61 0)');
});
