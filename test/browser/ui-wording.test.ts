/** Wordings from a person's side, over fake engines: who spoke, what came of it, what is painted, saved and read. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '../../src/core/errors';
import { readWordings } from '../../src/pipeline/language/wordingFiles';
import type { FakeOptions } from '../fakes/engines';
import { form, painterHere, refinerHere, summary } from './painterApp';
import { dropFiles, type Shown, showApp, winking } from './uiApp';

let shown: Shown;
const downloads: Blob[] = [];

beforeEach(async () => {
  await page.viewport(1200, 900);
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
  const url = URL.createObjectURL;
  vi.spyOn(URL, 'createObjectURL').mockImplementation((object) => {
    if (object instanceof File) downloads.push(object);
    return url.call(URL, object);
  });
});
afterEach(() => {
  shown.remove();
  downloads.length = 0;
  vi.restoreAllMocks();
});

const wordings = {
  open: () => page.getByText('Several wordings', { exact: true }).click(),
  count: () => page.getByRole('spinbutton', { name: 'How many' }),
  by: () => page.getByRole('combobox', { name: 'Worded by' }),
  suggest: () => page.getByRole('button', { name: 'Suggest wordings' }),
  save: () => page.getByRole('button', { name: 'Save wordings' }),
  read: () => page.getByLabelText('Read wordings…'),
};

async function openForm(engines: FakeOptions) {
  shown = showApp({ faces: { 'wink.jpg': [winking] }, engines });
  dropFiles('wink.jpg');
  await summary().click();
  await expect.element(form.paint()).toBeVisible();
  await wordings.open();
  return shown.engines;
}

const lines = (field: typeof form.prompt) => (field().element() as HTMLTextAreaElement).value.split('\n');
const entry = (i: number) => ({
  prompt: `photo of a person with open eyes, natural eyelids, {iris} iris, lash ${i}`,
  negative_prompt: `seam ${i}`,
  refiner_prompt: `photo of a person with open eyes, natural eyelids, {iris} iris, pore ${i}`,
  refiner_negative_prompt: `halo ${i}`,
});
const answering = (entries: readonly object[]) => () => JSON.stringify({ variations: entries });

test('the rules word it; every wording can be changed, and each is painted with what it avoids', async () => {
  const engines = await openForm(painterHere);
  await wordings.count().fill('3');
  await wordings.suggest().click();
  await expect.element(page.getByText('3 wordings by the rules, without a language model.')).toBeVisible();
  const prompts = lines(form.prompt);
  expect(prompts).toHaveLength(4);
  expect(new Set(prompts).size).toBe(4);
  for (const prompt of prompts) expect(prompt).toContain(prompts[0]!);
  expect(lines(form.avoid)).toHaveLength(4);
  await form.prompt().fill([...prompts.slice(0, 3), 'my own {iris} eyes, open', 'one more'].join('\n'));
  await form.avoid().fill('a\nb\nc\nd\ne');
  await expect.element(page.getByText(/^Makes 5 choices\./)).toBeVisible();
  await form.iris().selectOptions('Hazel');
  await form.paint().click();
  await expect.poll(() => engines.painted).toHaveLength(1);
  const { variations } = engines.painted[0]!.faces[0]!;
  expect(variations.map(({ negativePrompt }) => negativePrompt)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(variations.map(({ seed }) => seed)).toEqual([42, 42, 42, 42, 42]);
  expect(variations[3]!.prompt).toBe('my own hazel eyes, open');
});

test('a model words it: the page says which, and what was put right or came from the rules', async () => {
  const wrong = { ...entry(2), prompt: `${entry(2).prompt}, eyes closed, deep blue eyes` };
  const engines = await openForm({
    ...painterHere,
    language: { answer: answering([entry(1), wrong, { prompt: 'a dog' }]) },
  });
  await wordings.by().selectOptions('A language model on the graphics card');
  await wordings.suggest().click();
  await expect.element(page.getByText('2 wordings by Fake-1B, 2 by the rules.')).toBeVisible();
  await expect
    .element(page.getByText('What to paint: what spoke of closed eyes was put right.'))
    .toBeVisible();
  await expect
    .element(page.getByText('What to paint: what named another colour of eyes was put right.'))
    .toBeVisible();
  await expect.element(page.getByText('A wording that spoke of something else was left out.')).toBeVisible();
  await expect.element(page.getByText('2 wordings had to come from the rules.')).toBeVisible();
  expect(lines(form.prompt).join()).not.toMatch(/closed|blue/);
  expect(engines.language.asked[0]!.wish).toEqual({ speaker: 'webllm', model: '', library: '' });
  expect(engines.language.asked[0]!.question).toMatchObject({ seed: 42, temperature: 0.9 });
});

test('a model that cannot speak leaves it to the rules, and the page says why', async () => {
  await openForm({
    ...painterHere,
    language: {
      speakers: [
        { speaker: 'webllm', state: 'after-download', model: 'Little', bytes: 880e6, reason: '' },
        { speaker: 'cpu', state: 'unavailable', model: '', bytes: 0, reason: 'Get it under Models.' },
      ],
      answer: () => {
        throw new AppError('download-failed', 'gone', { host: 'models.example', reason: 'gone' });
      },
    },
  });
  await wordings.by().selectOptions('A language model on the processor (not here)');
  await expect.element(page.getByText('Get it under Models.')).toBeVisible();
  await expect.element(wordings.by()).toHaveTextContent(/on the graphics card \(up to 880.MB to fetch\)/);
  await wordings.by().selectOptions('webllm');
  await wordings.suggest().click();
  await expect.element(page.getByText('4 wordings by the rules, without a language model.')).toBeVisible();
  await expect
    .element(
      page.getByText(
        'The model could not speak. models.example could not be reached. What is here already stays.',
      ),
    )
    .toBeVisible();
});

test('wordings that come after another photo was selected go to the face that they were asked for', async () => {
  let answer = (_text: string) => {};
  shown = showApp({
    faces: { 'wink.jpg': [winking], 'two.jpg': [winking] },
    engines: { ...painterHere, language: { answer: () => new Promise((resolve) => (answer = resolve)) } },
  });
  dropFiles('wink.jpg', 'two.jpg');
  await summary().click();
  await wordings.open();
  await wordings.by().selectOptions('A language model on the graphics card');
  await wordings.count().fill('1');
  await wordings.suggest().click();
  await expect.poll(() => shown.engines.language.asked).toHaveLength(1);
  await page.getByRole('option', { name: /two.jpg/ }).click();
  await summary().click();
  await expect.element(form.paint()).toBeVisible();
  answer(JSON.stringify({ variations: [entry(1)] }));
  await expect.element(form.paint()).toBeEnabled();
  expect(lines(form.prompt)).toHaveLength(1);
  await page.getByRole('option', { name: /wink.jpg/ }).click();
  await summary().click();
  await expect.poll(() => lines(form.prompt)).toHaveLength(2);
});

test('while a model is fetched the page shows how far it is, and a cancel leaves the words as they were', async () => {
  const engines = await openForm({
    ...painterHere,
    language: { answer: () => new Promise(() => {}), news: { phase: 'fetching', done: 0.5 } },
  });
  const before = lines(form.prompt);
  vi.spyOn(engines.language, 'answer').mockImplementation((_question, _wish, signal, report) => {
    report?.({ phase: 'fetching', done: 0.5 });
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
  await wordings.by().selectOptions('The browser’s own language model');
  await wordings.suggest().click();
  await expect.element(page.getByText('Fetching the language model…')).toBeVisible();
  await expect.element(page.getByRole('progressbar')).toHaveAttribute('value', '0.45');
  await expect.element(form.paint()).toBeDisabled();
  await userEvent.keyboard('{Escape}');
  await expect.element(wordings.suggest()).toBeEnabled();
  expect(lines(form.prompt)).toEqual(before);
});

test('wordings are saved as files and read again, those of the refiner too', async () => {
  await openForm({ ...refinerHere, language: { answer: answering([entry(1), entry(2)]) } });
  await wordings.by().selectOptions('A language model on the processor');
  await wordings.count().fill('2');
  await wordings.suggest().click();
  await expect.element(page.getByText('2 wordings by Fake-1B.')).toBeVisible();
  await wordings.save().click();
  await expect.poll(() => downloads).toHaveLength(1);
  const file = downloads[0] as File;
  expect(file.name).toMatch(/^prompt_variations_\d{8}_\d{6}\.zip$/);
  const kept = await readWordings(file, file.name);
  expect(kept).toHaveLength(3);
  expect(kept[2]!.refinerPrompt).toContain('pore 2');
  const before = lines(form.prompt);
  await form.prompt().fill('something else');
  await form.avoid().fill('nothing');
  await userEvent.upload(wordings.read(), file);
  await expect.element(page.getByText(`Read from ${file.name}.`)).toBeVisible();
  expect(lines(form.prompt)).toEqual(before);
  expect(lines(form.avoid)[2]).toContain('seam 2');
  await userEvent.upload(wordings.read(), new File(['hello'], 'photo.zip'));
  await expect.element(page.getByText('photo.zip was not taken: it is no zip.')).toBeVisible();
});

test('the address of the page gives settings, and says what it does not take', async () => {
  const address = location.href;
  const at = (query: string) =>
    history.replaceState(null, '', `${address}${address.includes('?') ? '&' : '?'}${query}`);
  try {
    at('num-variations=7&verbose');
    await openForm(painterHere);
    await expect.element(page.getByText(/^Makes 7 choices\./)).toBeVisible();
    await expect.element(wordings.count()).toHaveValue(7);
    await form.paint().click();
    await expect
      .poll(() => downloads.map((file) => (file as File).name))
      .toEqual([expect.stringMatching(/^open_the_eyes_\d{8}_\d{6}\.zip$/)]);
    shown.remove();
    at('num-variations=99');
    shown = showApp();
    await expect
      .element(
        page.getByText(
          /^The settings in the address were not taken\. The setting generation\.num_variations is 99/,
        ),
      )
      .toBeVisible();
  } finally {
    history.replaceState(null, '', address);
  }
});
