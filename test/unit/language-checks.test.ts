/** What models say, held against what was asked. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WORDING_FIELDS, type Wording } from '../../src/core/wording';
import { checkWordings } from '../../src/pipeline/language/checkWordings';
import { asRead, fits, phrasesOf } from '../../src/pipeline/language/phrases';
import { questionFor, readAnswer } from '../../src/pipeline/language/question';
import { keyOf, ruledWordings } from '../../src/pipeline/language/rules';
import { clip, clipTokens } from './clip';

const base: Wording = {
  prompt: 'photo of a person with open eyes, natural eyelids, {iris} iris',
  negativePrompt: 'closed eyes, blurry',
  refinerPrompt: '',
  refinerNegativePrompt: '',
};
const request = { base, count: 4, seed: 11 };
const few = (text: string) => text.split(' ').length;
const check = (said: readonly Partial<Wording>[], count = 4, tokens = few) =>
  checkWordings(said, { ...request, count }, tokens);
const draft = (change: Partial<Wording> = {}): Partial<Wording> => ({
  prompt: `${base.prompt}, soft lashes`,
  negativePrompt: 'smeared iris',
  refinerPrompt: `${base.prompt}, skin texture`,
  refinerNegativePrompt: 'seams',
  ...change,
});
/** The field of the one wording, and what was said to be wrong with it. */
function one(field: keyof Wording, text: string, tokens = few) {
  const { wordings, notices } = check([draft({ [field]: text })], 4, tokens);
  const faults = notices.map((notice) => ('fault' in notice ? notice.fault : notice.kind));
  return [wordings[0]?.[field], faults];
}

test('what is right stays as it is; what is to be avoided keeps what was given', () => {
  expect(check([draft()])).toEqual({
    wordings: [
      {
        prompt: 'photo of a person with open eyes, natural eyelids, {iris} iris, soft lashes',
        negativePrompt: 'closed eyes, blurry, smeared iris',
        refinerPrompt: 'photo of a person with open eyes, natural eyelids, {iris} iris, skin texture',
        refinerNegativePrompt: 'closed eyes, blurry, seams',
      },
    ],
    notices: [],
  });
});

test.each([
  [
    'person with open eyes, eyes closed softly, natural eyelids, {iris} iris',
    'person with open eyes, natural eyelids, {iris} iris',
    'closed-eyes',
  ],
  [
    'person with open blue eyes, natural eyelids, photo',
    'person with open {iris} eyes, natural eyelids, photo',
    'other-colour',
  ],
  [
    'person with open eyes of deep green, natural eyelids',
    'person with open eyes of {iris}, natural eyelids',
    'other-colour',
  ],
  [
    'person with open eyes, natural eyelids, {iris} hazel iris',
    'person with open eyes, natural eyelids, {iris} iris',
    'other-colour',
  ],
  [
    'person with open eyes, natural eyelids',
    '{iris} iris, person with open eyes, natural eyelids',
    'left-out',
  ],
  [
    'photo of a person, natural eyelids, {iris} iris, fine lashes',
    'photo of a person with open eyes, photo of a person, natural eyelids, {iris} iris, fine lashes',
    'left-out',
  ],
  ...['eyes not open', 'eyes that aren’t open', 'half-open eyes', 'shut lids', 'lowered eyelids'].map(
    (closed): [string, string, string] => [
      `person with open eyes, ${closed}, natural eyelids, {iris} iris`,
      'person with open eyes, natural eyelids, {iris} iris',
      'closed-eyes',
    ],
  ),
  ...[
    ['sky-blue irises', '{iris} irises'],
    ['blue-green iris', '{iris} iris'],
    ['blue and green eyes', '{iris} eyes'],
    ['{iris}-grey eyes', '{iris} eyes'],
    ['eye colour: blue', 'eye colour: {iris}'],
    ['iris (bluish)', 'iris ({iris})'],
  ].map(([foreign, own]): [string, string, string] => [
    `person with open eyes, natural eyelids, ${foreign}`,
    `person with open eyes, natural eyelids, ${own}`,
    'other-colour',
  ]),
  ['a dog on a lawn', undefined, 'strayed'],
  ['  ,, ', undefined, 'field-missing'],
])('prompt “%s” becomes “%s”: %s', (said, becomes, fault) => {
  expect(one('prompt', said)).toEqual([becomes, [fault]]);
});

test('colours of other things are no colours of eyes', () => {
  const text =
    'person with open eyes, natural eyelids, {iris} iris, brown hair, green background, golden light in the eyes, black lashes framing eyes, wide awake';
  expect(one('prompt', text)).toEqual([text, []]);
});

test('a colour that was asked for by name is kept, another is put right', () => {
  const named = { ...request, base: { ...base, prompt: 'person with open blue eyes, photo' } };
  const said = [
    'open blue eyes of a person',
    'open green eyes, a person',
    'a person with open eyes, looking up',
    'open {iris} eyes of a person, photo',
  ];
  const { wordings } = checkWordings(
    said.map((prompt) => draft({ prompt })),
    named,
    few,
  );
  expect(wordings.map(({ prompt }) => prompt)).toEqual([
    'open blue eyes of a person',
    'open blue eyes, a person',
    'person with open blue eyes, a person with open eyes, looking up',
    'open blue eyes of a person, photo',
  ]);
});

test.each([
  ['wide open eyes, halos', 'closed eyes, blurry, halos', ['avoids-wish']],
  ['{iris} iris, halos', 'closed eyes, blurry, halos', ['avoids-wish']],
  ['brown eyes, natural eyelids', 'closed eyes, blurry', ['avoids-wish']],
  ['eyes too wide open', 'closed eyes, blurry, eyes too wide open', []],
  ['eyes not open, half-open lids', 'closed eyes, blurry, eyes not open, half-open lids', []],
  ['', 'closed eyes, blurry', ['field-missing']],
])('negative prompt “%s” becomes “%s”', (said, becomes, faults) => {
  expect(one('negativePrompt', said)).toEqual([becomes, faults]);
});

test.skipIf(!clip)(
  'what is too long for the encoder loses its own phrases first, the last before others',
  () => {
    const chatter = Array.from({ length: 30 }, (_, i) => `lash number ${i}`).join(', ');
    const [text, faults] = one('prompt', `${base.prompt}, ${chatter}`, clipTokens) as [string, string[]];
    expect(faults).toEqual(['too-long']);
    expect(text.startsWith(`${base.prompt}, lash number 0, lash number 1`)).toBe(true);
    expect(clip!(asRead(text)).cut).toBe('');
    expect(clip!(asRead(`${text}, lash number 42`)).cut).not.toBe('');
  },
);

test('a wording of which nothing is left when it fits is dropped', () => {
  const endless = `person with natural eyelids and an iris ${'so '.repeat(3000)}`;
  expect(one('prompt', endless)).toEqual([undefined, ['too-long']]);
});

test('the same again and more than asked for are dropped, and told', () => {
  const again = draft({ prompt: `soft lashes, ${base.prompt.toUpperCase()}` });
  const other = draft({ prompt: `${base.prompt}, wet lashes` });
  const same = draft({ prompt: base.prompt });
  const { wordings, notices } = check([draft(), again, same, other, draft(), other], 2);
  expect(wordings.map(({ prompt }) => phrasesOf(prompt).at(-1))).toEqual(['soft lashes', 'wet lashes']);
  expect(notices).toEqual([
    { kind: 'dropped', variation: 1, fault: 'duplicate' },
    { kind: 'dropped', variation: 2, fault: 'duplicate' },
    { kind: 'surplus', count: 2 },
  ]);
});

test('a refiner’s text that strays is the given one; the wording is kept', () => {
  const { wordings, notices } = check([draft({ refinerPrompt: 'a dog on a lawn' })]);
  expect(wordings[0]!.refinerPrompt).toBe(base.prompt);
  expect(notices).toEqual([{ kind: 'repaired', variation: 0, field: 'refinerPrompt', fault: 'strayed' }]);
});

test('line breaks, list marks and quotes do not get into a prompt', () => {
  const said = `- "Photo of a person\nwith open eyes", • natural   eyelids, {Iris} iris.`;
  expect(one('prompt', said)[0]).toBe('Photo of a person, with open eyes, natural eyelids, {iris} iris');
});

test('whatever is said, what comes out fits, is different, and keeps its promises', () => {
  const words = fc.constantFrom(
    'open eyes',
    'closed',
    'blue eyes',
    '{iris} iris',
    'photo of a person',
    'natural eyelids',
    'x'.repeat(40),
    '\n',
    '“',
    ',',
    '.',
    'eyes shut',
    'brown',
  );
  const text = fc.array(fc.oneof(words, fc.string()), { maxLength: 60 }).map((parts) => parts.join(', '));
  const drafts = fc.array(
    fc.record(Object.fromEntries(WORDING_FIELDS.map((field) => [field, text])), { requiredKeys: [] }),
    { maxLength: 9 },
  );
  fc.assert(
    fc.property(drafts, (said) => {
      const { wordings } = check(said as Partial<Wording>[]);
      expect(wordings.length).toBeLessThanOrEqual(4);
      expect(new Set(wordings.map(({ prompt }) => keyOf(prompt))).size).toBe(wordings.length);
      for (const wording of wordings) {
        for (const field of WORDING_FIELDS) {
          expect(fits(phrasesOf(wording[field]), few)).toBe(true);
          expect(wording[field]).not.toMatch(/\n/);
        }
        expect(wording.prompt).toContain('{iris}');
        expect(wording.prompt).toMatch(/open/);
        expect(wording.prompt).not.toMatch(/\b(closed|shut|blue eyes)\b/);
        expect(wording.negativePrompt).toMatch(/^closed eyes, blurry/);
      }
    }),
    { numRuns: 300 },
  );
});

test('what the rules say has no fault', () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const ruled = ruledWordings({ ...request, seed }, few);
    const back = JSON.stringify({
      variations: ruled.map((w) => ({
        prompt: w.prompt,
        negative_prompt: w.negativePrompt,
        refiner_prompt: w.refinerPrompt,
        refiner_negative_prompt: w.refinerNegativePrompt,
      })),
    });
    expect(check(readAnswer(back)!)).toEqual({ wordings: ruled, notices: [] });
  }
});

test('a model is asked for all fields of all wordings in one question, with the given words', () => {
  const question = questionFor(request, 0.9);
  const { properties } = JSON.parse(question.schema);
  expect(properties.variations).toMatchObject({ minItems: 4, maxItems: 4 });
  expect(properties.variations.items.required).toEqual([
    'prompt',
    'negative_prompt',
    'refiner_prompt',
    'refiner_negative_prompt',
  ]);
  expect(question).toMatchObject({ temperature: 0.9, seed: 11 });
  expect(question.user).toContain(`"refiner_prompt":"${base.prompt}"`);
});

test.each<[string, number | null]>([
  ['{"variations":[{"prompt":"a","negative_prompt":3},{"prompt":"b"}]}', 2],
  ['Sure! Here they are:\n```json\n[{"prompt":"a"}]\n```\nEnjoy.', 1],
  ['{"variations":[{"prompt":"a"},{"prompt":"b"},{"prompt":"c', 2],
  ['Variations [2] with {iris}:\n{"variations":[{"prompt":"a"},{"prompt":"b {iris}"}]}', 2],
  ['Of {"prompt":"z"} I made [{"prompt":"a"}]', 1],
  ['{"variations":[]}', null],
  ['{"variations":["a","b"]}', null],
  ['I cannot help with that.', null],
  ['', null],
])('the answer %s has %s wordings', (text, count) => {
  const said = readAnswer(text);
  expect(said?.length ?? null).toBe(count);
  if (said) expect(said[0]).toEqual({ prompt: 'a' });
});

test('brackets without end are no answer, and soon', () => {
  const from = performance.now();
  expect(readAnswer('{"'.repeat(9000) + '}'.repeat(9000))).toBe(null);
  expect(performance.now() - from).toBeLessThan(4000);
});

test.each(['blue-', 'dark-blue and ', 'in ', 'eyes in ', 'a-', 'x', 'not not-'])(
  'a model that stammers “%s” is read soon',
  (word) => {
    const said = word.repeat(Math.ceil(10_000 / word.length));
    const from = performance.now();
    check([draft({ prompt: said, negativePrompt: said, refinerPrompt: `${base.prompt}, ${said}` })]);
    expect(performance.now() - from).toBeLessThan(4000);
  },
);
