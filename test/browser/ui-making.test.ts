/** The built-in network from a person's side, over fake engines: where it is offered, what is asked, what is told of it. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '../../src/core/errors';
import type { FakeOptions } from '../fakes/engines';
import { makeForm as form, makeSummary as summary } from './makerApp';
import { asleep, awake, dropFiles, pageTest, type Scene, type Shown, winking } from './uiApp';

const showPage = pageTest();

function show(engines: FakeOptions = {}, faces: Scene['faces'] = { 'wink.jpg': [winking] }): Shown {
  return showPage({ faces, engines });
}

const BROWN = { red: 94, green: 61, blue: 42 };
const button = (name: string | RegExp) => page.getByRole('button', { name });
const heading = (name: string | RegExp) => page.getByRole('heading', { level: 2, name });
const madeUp = () => page.getByText(/^These eyes are made up: the network has never seen/);
const photos = () => form.iris(/^As the photos show it/);
const choices = () => document.querySelectorAll('fieldset label[title]');

async function openForm(): Promise<void> {
  dropFiles('wink.jpg');
  await summary().click();
  await expect.element(form.make()).toBeVisible();
}

async function set(name: RegExp, option: string): Promise<void> {
  await button('Settings').click();
  await page.getByRole('combobox', { name }).selectOptions(option);
  await button('Done').click();
}

test('it is offered for faces with an eye to open, before and after they are opened, until they are kept', async () => {
  show({}, { 'party.jpg': [winking, asleep, awake] });
  dropFiles('party.jpg');
  await expect.element(summary().nth(1)).toBeVisible();
  await page.getByRole('region', { name: 'Faces with open eyes' }).getByRole('button').click();
  await expect.element(page.getByRole('article', { name: 'Face 3' })).toBeVisible();
  expect(summary().all()).toHaveLength(2);
  await button('Open the eyes of 2 faces').click();
  await expect.element(heading('2 faces opened')).toBeVisible();
  expect(summary().all()).toHaveLength(2);
  await button('Keep').first().click();
  await expect.element(page.getByText('Kept')).toBeVisible();
  expect(summary().all()).toHaveLength(1);
});

test('a face that nobody can lend eyes to gets made ones, and its card says what they are, once', async () => {
  const { engines } = show({}, { 'wink.jpg': [asleep] });
  dropFiles('wink.jpg');
  await button('Open the eyes').click();
  await expect.element(madeUp()).toBeVisible();
  expect(madeUp().all()).toHaveLength(1);
  await expect.element(page.getByText('Made for this face by the built-in network, seed 0.')).toBeVisible();
  expect([...engines.placed]).toEqual([[1, 60]]);
  await page.getByRole('radio', { name: 'As it was' }).click({ force: true });
  await expect.element(madeUp()).not.toBeInTheDocument();
});

test('made eyes give way to real ones once a photo shows them, and stay where none does', async () => {
  const { engines } = show({}, { 'wink.jpg': [asleep], 'dark.jpg': [asleep], 'two.jpg': [awake] });
  const real = button('Look for the real ones');
  dropFiles('wink.jpg');
  await button('Open the eyes').click();
  await expect.element(madeUp()).toBeVisible();
  await expect.element(real).not.toBeInTheDocument();
  dropFiles('dark.jpg');
  await real.click();
  await expect.element(page.getByText(/^Face 2 keeps the eyes it had: no open eye/)).toBeVisible();
  expect([...engines.placed]).toEqual([[1, 60]]);
  dropFiles('two.jpg');
  await expect.element(page.getByRole('option', { name: 'two.jpg: nothing closed' })).toBeVisible();
  await real.click();
  await expect.element(real).not.toBeInTheDocument();
  expect([...engines.placed]).toEqual([[1, 80]]);
  expect(engines.opened).toHaveLength(1);
});

test('the form as it is asks for eyes as the photos show them; they come before borrowed ones', async () => {
  const { engines } = show();
  await openForm();
  await expect.element(photos()).toBeChecked();
  await expect.element(photos()).toHaveAccessibleName('As the photos show it Brown');
  await form.make().click();
  await expect.poll(() => engines.placed.get(0)).toBe(60);
  expect(engines.opened).toHaveLength(1);
  expect(engines.opened[0]).toMatchObject({ openness: 1, seeds: [42, 43, 44, 45], iris: BROWN });
  await expect.element(madeUp()).toBeVisible();
  const labels = [...choices()].map((label) => label.getAttribute('title'));
  expect(labels.map((label) => label?.replace(/ .*/, ''))).toEqual(['Made', 'Made', 'The', 'The']);
  expect([...choices()].map((label) => label.querySelector('small')?.textContent)).toEqual([
    'made new',
    'made new',
    'from the photos',
    'from the photos',
  ]);
});

test('the form tells which colour a photo shows as soon as there is one', async () => {
  const shut = { ...asleep, index: 0 };
  show({}, { 'wink.jpg': [shut], 'other.jpg': [winking] });
  await openForm();
  await expect.element(photos()).toHaveAccessibleName('As the photos show it None shows it: dark brown');
  dropFiles('other.jpg');
  await expect.element(photos()).toHaveAccessibleName('As the photos show it Brown');
});

test('a colour that is chosen is asked for, by name or as it is', async () => {
  const { engines } = show();
  await openForm();
  await form.iris('Blue').click({ force: true });
  await form.make().click();
  await expect.poll(() => engines.opened.length).toBe(1);
  await expect.element(form.make()).toBeEnabled();
  await expect.element(form.ownIris()).not.toBeInTheDocument();
  await form.iris('Another…').click({ force: true });
  await form.ownIris().fill('#0a7fc4');
  await form.make().click();
  await expect.poll(() => engines.opened.length).toBe(2);
  expect(engines.opened.map(({ iris }) => iris)).toEqual([
    { red: 88, green: 112, blue: 135 },
    { red: 10, green: 127, blue: 196 },
  ]);
});

test('other eyes are of another seed, which stays', async () => {
  const { engines } = show();
  await openForm();
  await form.others().click();
  await expect.poll(() => engines.opened.length).toBe(1);
  await expect.element(form.make()).toBeEnabled();
  await form.make().click();
  await expect.poll(() => engines.opened.length).toBe(2);
  await expect.element(form.others()).toBeEnabled();
  await form.others().click();
  await expect.poll(() => engines.opened.length).toBe(3);
  const [first, again, third] = engines.opened.map(({ seeds }) => seeds[0]!);
  expect(first).not.toBe(42);
  expect(again).toBe(first);
  expect(third).not.toBe(first);
});

test('how far they open follows the settings until the form says otherwise, and is told in percent', async () => {
  const { engines } = show();
  await button('Settings').click();
  const setting = page.getByRole('slider', { name: /^How far made eyes open/ });
  await setting.fill('0.9');
  await expect.element(setting).toHaveAttribute('aria-valuetext', '90 %');
  await button('Done').click();
  await openForm();
  await expect.element(form.openness()).toHaveValue('0.9');
  await form.openness().fill('1.2');
  await expect.element(page.getByText('120 %')).toBeVisible();
  await form.make().click();
  await expect.poll(() => engines.opened.map(({ openness }) => openness)).toEqual([1.2]);
});

test('what was chosen stays with its face while the photo is open', async () => {
  show({}, { 'wink.jpg': [winking, asleep], 'two.jpg': [awake] });
  dropFiles('wink.jpg', 'two.jpg');
  await summary().first().click();
  await form.iris('Green').click({ force: true });
  await summary().nth(1).click();
  await expect.element(photos().nth(1)).toBeChecked();
  await page.getByRole('option', { name: /two.jpg/ }).click();
  await expect.element(heading('All eyes are open')).toBeVisible();
  await page.getByRole('option', { name: /wink.jpg/ }).click();
  await summary().first().click();
  await expect.element(form.iris('Green')).toBeChecked();
});

test('it all goes by the keyboard', async () => {
  const { engines } = show();
  dropFiles('wink.jpg');
  await expect.element(summary()).toBeVisible();
  (summary().element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(form.make()).toBeVisible();
  await userEvent.tab();
  await expect.element(photos()).toHaveFocus();
  await userEvent.keyboard('{ArrowDown}{ArrowRight}');
  await expect.element(form.iris('Brown')).toHaveFocus();
  await expect.element(form.iris('Brown')).toBeChecked();
  await userEvent.tab();
  await expect.element(form.openness()).toHaveFocus();
  await userEvent.keyboard('{ArrowRight}');
  await userEvent.tab();
  await expect.element(form.make()).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => engines.opened.length).toBe(1);
  expect(engines.opened[0]).toMatchObject({ iris: BROWN, openness: 1.05 });
});

test('where nothing could be opened it is a way on, and takes the focus', async () => {
  const { engines } = show({ ranks: [] });
  await set(/New eyes come from/, 'donor');
  dropFiles('wink.jpg');
  await button('Open the eyes').click();
  await expect.element(button('Add another photo…')).toBeVisible();
  await expect.element(summary()).not.toBeVisible();
  expect(engines.opened).toEqual([]);
  await button('Make new eyes…').click();
  await expect.element(form.make()).toBeVisible();
  await expect.element(summary()).toHaveFocus();
  await form.make().click();
  await expect.poll(() => engines.placed.get(0)).toBe(60);
});

test('the settings may ask for made eyes everywhere; then nothing is said of a painter', async () => {
  const { engines } = show();
  await button('Settings').click();
  const from = page.getByRole('combobox', { name: /New eyes come from/ });
  await from.selectOptions('The built-in network');
  await expect.element(from).not.toHaveAccessibleName(/painter/);
  await button('Done').click();
  dropFiles('wink.jpg');
  await button('Open the eyes').click();
  await expect.poll(() => engines.placed.get(0)).toBe(60);
});

test('a network that fails costs no eyes that were there, and the page says so', async () => {
  const failAt = (method: string) =>
    method === 'openFace' ? new AppError('engine-lost', 'fake', { engine: 'opener' }) : null;
  const { engines } = show({ failAt });
  await openForm();
  await button('Open the eyes').click();
  await expect.poll(() => engines.placed.get(0)).toBe(80);
  await form.make().click();
  await expect
    .element(page.getByText(/^Face 1 keeps the eyes it had\. A part of the app stopped/))
    .toBeVisible();
  expect(engines.placed.get(0)).toBe(80);
});
