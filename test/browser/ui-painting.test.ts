/** Painting from a person's side, over fake engines: where it is offered, what is asked, what is seen of it. */
import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '../../src/core/errors';
import { raster } from '../../src/core/raster';
import type { FakeOptions } from '../fakes/engines';
import { form, painterHere, painterPack, summary } from './painterApp';
import { asleep, awake, dropFiles, pageTest, type Scene, type Shown, winking } from './uiApp';

const showPage = pageTest();

function show(engines: FakeOptions, faces: Scene['faces'] = { 'wink.jpg': [winking] }): Shown {
  return showPage({ faces, engines });
}

const button = (name: string | RegExp) => page.getByRole('button', { name });
const heading = (name: string | RegExp) => page.getByRole('heading', { level: 2, name });

async function openForm(): Promise<void> {
  dropFiles('wink.jpg');
  await summary().click();
  await expect.element(form.paint()).toBeVisible();
}

test('painting is offered where a painter is, for faces with an eye to open', async () => {
  show(painterHere, { 'party.jpg': [winking, asleep, awake] });
  dropFiles('party.jpg');
  await expect.element(summary().nth(1)).toBeVisible();
  expect(summary().all()).toHaveLength(2);
  await page.getByRole('region', { name: 'Faces with open eyes' }).getByRole('button').click();
  await expect.element(page.getByRole('article', { name: 'Face 3' })).toBeVisible();
  expect(summary().all()).toHaveLength(2);
});

test('without a painter nothing speaks of painting; one that comes is offered when the models are left', async () => {
  const { engines } = show({ gpu: painterHere.gpu!, packs: { statuses: [] } });
  dropFiles('wink.jpg');
  await expect.element(heading('1 face with closed eyes')).toBeVisible();
  await expect.element(summary()).not.toBeInTheDocument();
  await button('Models').click();
  vi.spyOn(engines.packs, 'status').mockResolvedValue(painterHere.packs!.statuses!.slice());
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await expect.element(summary()).toBeVisible();
});

test('a painter whose download ends after the models were left is offered', async () => {
  const absent = { ...painterHere.packs!.statuses![0]!, state: 'absent' as const };
  const { engines } = show({ ...painterHere, packs: { statuses: [absent], held: [] } });
  dropFiles('wink.jpg');
  await expect.element(heading('1 face with closed eyes')).toBeVisible();
  await engines.packs.ensure({ pack: painterPack.id }, new AbortController().signal);
  await expect.element(summary()).toBeVisible();
});

test('what a person writes reaches the painter, for this face only', async () => {
  const { engines } = show(painterHere, { 'wink.jpg': [winking, asleep] });
  dropFiles('wink.jpg');
  await summary().first().click();
  await expect.element(form.seed()).toHaveValue('42');
  await expect.element(page.getByText(/^Makes 4 choices\. Paints at 1024 pixels/)).toBeVisible();
  await form.prompt().fill('photo of wide {iris} eyes');
  await form.avoid().fill('make-up');
  await form.iris().selectOptions('Hazel');
  await form.strength().fill('0.65');
  await form.seed().fill('4294967294');
  await form.paint().click();
  await expect.poll(() => engines.painted).toHaveLength(1);
  const { faces } = engines.painted[0]!;
  expect(faces).toHaveLength(1);
  expect(faces[0]!.settings.strength).toBe(0.65);
  expect(faces[0]!.variations.map(({ seed }) => seed)).toEqual([4294967294, 4294967295, 0, 1]);
  expect(faces[0]!.variations[0]).toMatchObject({
    prompt: 'photo of wide hazel eyes',
    negativePrompt: 'make-up',
  });
});

test('a colour that no photo shows is left out of the prompt, and the page says so', async () => {
  const { engines } = show(painterHere, { 'wink.jpg': [asleep] });
  await openForm();
  await form.paint().click();
  const note = page.getByText(/^No photo shows the colour of these eyes/);
  await expect.element(note).toBeVisible();
  await form.iris().selectOptions('Green');
  await form.paint().click();
  await expect.poll(() => engines.painted.length).toBe(2);
  await expect.element(note).not.toBeInTheDocument();
  const prompts = engines.painted.map(({ faces }) => faces[0]!.variations[0]!.prompt);
  expect(prompts[0]).not.toContain('iris');
  expect(prompts[1]).toContain('green iris');
});

test('painted eyes stand before borrowed ones and say their seed', async () => {
  const { engines } = show(painterHere);
  await openForm();
  await form.paint().click();
  await expect.poll(() => engines.placed.get(0)).toBe(95);
  await expect.element(page.getByText('Painted for this face, seed 0.')).toBeVisible();
  const labels = [...document.querySelectorAll('fieldset label[title]')].map((label) =>
    label.getAttribute('title'),
  );
  expect(labels).toEqual([
    ...[0, 1, 2, 3].map((seed) => `Painted for this face, seed ${seed}.`),
    'The other eye of this face, mirrored.',
    'The other eye of this face, mirrored.',
  ]);
});

test('values that cannot be painted are refused in the form, and the field gets the focus', async () => {
  const { engines } = show(painterHere);
  await openForm();
  await form.seed().fill('4294967296');
  await expect.element(page.getByText('A seed is a whole number from 0 to 4294967295.')).toBeVisible();
  await form.paint().click();
  await expect.element(form.seed()).toHaveFocus();
  await button('Another seed').click();
  await expect.element(page.getByText(/A seed is a whole number/)).not.toBeInTheDocument();
  await form.prompt().fill('  ');
  await expect.element(page.getByText('Say what the eyes should look like.')).toBeVisible();
  await form.paint().click();
  await expect.element(form.prompt()).toHaveFocus();
  await form.prompt().fill('open eyes');
  expect(engines.painted).toEqual([]);
  await form.paint().click();
  await expect.poll(() => engines.painted.length).toBe(1);
});

test('what was written stays while the photo is open; what was not follows the settings', async () => {
  show(painterHere, { 'wink.jpg': [winking], 'two.jpg': [awake] });
  dropFiles('wink.jpg', 'two.jpg');
  await summary().click();
  await form.avoid().fill('squinting');
  await page.getByRole('option', { name: /two.jpg/ }).click();
  await expect.element(heading('All eyes are open')).toBeVisible();
  await button('Settings').click();
  await page.getByText('Advanced painting').click();
  await page.getByRole('spinbutton', { name: /^Seed/ }).fill('77');
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
  await page.getByRole('option', { name: /wink.jpg/ }).click();
  await summary().click();
  await expect.element(form.avoid()).toHaveValue('squinting');
  await expect.element(form.seed()).toHaveValue('77');
});

test('while it is painted the portrait shows how it is going to look, and the page how long it takes', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const red = raster<'paint'>(
    4,
    4,
    new Uint8ClampedArray(64).map((_, i) => [250, 12, 34, 255][i % 4]!),
  );
  const preview = { face: 0, picture: red };
  const { engines } = show({
    ...painterHere,
    paintGate: promise,
    paintNews: { done: 0.3, phase: 'painting', secondsLeft: 131, preview },
  });
  await openForm();
  await form.paint().click();
  await expect
    .element(page.getByLabelText('Progress and messages').getByRole('status'))
    .toHaveTextContent('Painting new eyes… about 2 minutes left');
  await expect.element(page.getByRole('progressbar')).toHaveAttribute('value', '0.3');
  await expect.element(page.getByText('This is how it looks so far.')).toBeVisible();
  expect(middleOf(button('Look closely at face 1').element().querySelector('canvas')!)).toEqual([
    250, 12, 34, 255,
  ]);
  await expect.element(form.paint()).toBeDisabled();
  resolve();
  await expect.poll(() => engines.placed.has(0)).toBe(true);
  await expect.element(page.getByText('This is how it looks so far.')).not.toBeInTheDocument();
});

test('a cancel while it is painted leaves the eyes that were there', async () => {
  const { engines } = show({ ...painterHere, paintGate: new Promise(() => {}) });
  await openForm();
  await button('Open the eyes').click();
  await expect.poll(() => engines.placed.get(0)).toBe(80);
  await form.paint().click();
  await expect.element(page.getByText('This is how it looks so far.')).toBeVisible();
  expect(engines.placed.has(0)).toBe(false);
  await userEvent.keyboard('{Escape}');
  await expect.element(heading('1 face opened')).toBeVisible();
  expect(engines.placed.get(0)).toBe(80);
  await expect.element(page.getByText('This is how it looks so far.')).not.toBeInTheDocument();
});

test('a prompt that was too long and pictures that failed are told in fine print', async () => {
  show({ ...painterHere, cut: 'with long lashes', paintedRanks: [0.93, 0.91] });
  await openForm();
  await form.paint().click();
  await expect
    .element(page.getByText('The end of the description was too long and was not read: “with long lashes”.'))
    .toBeVisible();
  await expect
    .element(page.getByText(/^2 pictures could not be painted\. The graphics card gave no usable picture/))
    .toBeVisible();
});

test('when nothing could be painted the eyes that were there stay, and the page says why', async () => {
  let paints = 0;
  const { engines } = show({
    ...painterHere,
    failAt: (method) => {
      if (method !== 'paint') return null;
      paints += 1;
      return new AppError('model-corrupt', 'fake', { pack: painterPack.id, path: 'unet.onnx' });
    },
  });
  await openForm();
  await button('Open the eyes').click();
  await expect.poll(() => engines.placed.get(0)).toBe(80);
  await form.paint().click();
  await expect
    .element(page.getByText(/^Face 1 keeps the eyes it had\. The painter cannot be used: unet\.onnx/))
    .toBeVisible();
  expect(engines.placed.get(0)).toBe(80);
  expect(paints).toBe(1);
});

test('a painter that is lost again and again costs no eyes of other faces', async () => {
  const { engines } = show(
    {
      ...painterHere,
      openedRanks: [],
      failAt: (method) =>
        method === 'paint' ? new AppError('engine-lost', 'fake', { engine: 'painter' }) : null,
    },
    { 'party.jpg': [winking, asleep] },
  );
  dropFiles('party.jpg');
  await button('Open the eyes of 2 faces').click();
  await expect.element(heading('1 of 2 faces opened')).toBeVisible();
  await expect.element(page.getByText(/A part of the app stopped/)).toBeVisible();
  await expect.element(page.getByRole('slider', { name: 'Before and after' })).toBeVisible();
  expect([...engines.placed.keys()]).toEqual([0]);
});

test('a face without eyes to borrow can be painted next', async () => {
  const { engines } = show({ ...painterHere, ranks: [] });
  await openForm();
  await summary().click();
  await button('Settings').click();
  await page.getByRole('combobox', { name: /New eyes come from/ }).selectOptions('donor');
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
  await button('Open the eyes').click();
  await expect.element(button('Add another photo…')).toBeVisible();
  await button('Paint new eyes…').click();
  await expect.element(form.paint()).toBeVisible();
  await expect.element(summary()).toHaveFocus();
  await form.paint().click();
  await expect.poll(() => engines.placed.get(0)).toBe(95);
});

function middleOf(canvas: HTMLCanvasElement): readonly number[] {
  const { width, height } = canvas;
  return [...canvas.getContext('2d')!.getImageData(width >> 1, height >> 1, 1, 1).data];
}
