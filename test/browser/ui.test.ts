/** The page from a person's side, over fake engines: drop, markers, open, pick, undo, save. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '../../src/core/errors';
import { asleep, awake, dropFiles, type Scene, type Shown, showApp, winking } from './uiApp';

let shown: Shown;
let downloads: string[] = [];

function show(scene: Scene = {}): Shown {
  shown = showApp(scene);
  return shown;
}

beforeEach(async () => {
  await page.viewport(1200, 800);
  downloads = [];
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    downloads.push(this.download);
  });
});
afterEach(() => {
  shown.remove();
  vi.restoreAllMocks();
});

const button = (name: string | RegExp) => page.getByRole('button', { name });
const heading = (name: string | RegExp) => page.getByRole('heading', { level: 2, name });

test('a dropped photo shows every face with its state in words', async () => {
  show({ faces: { 'party.jpg': [winking, asleep, awake] } });
  dropFiles('party.jpg');
  await expect.element(heading('2 faces with closed eyes')).toBeVisible();
  await expect.element(button('Face 1: one eye closed')).toBeVisible();
  await expect.element(button('Face 2: eyes closed')).toBeVisible();
  await expect.element(button('Face 3: eyes open').first()).toBeVisible();
});

test('open, pick another, undo and save', async () => {
  const { engines } = show({ faces: { 'wink.jpg': [winking] } });
  dropFiles('wink.jpg');
  await button('Open the eyes').click();
  await expect.element(heading('1 face opened')).toBeVisible();
  // Best first: rank 0.8 of the fake's two is placed.
  expect(engines.placed.get(0)).toBe(80);
  await expect.element(page.getByText('The other eye of this face, mirrored.')).toBeVisible();

  await page.getByRole('radio', { name: 'Choice 2' }).click({ force: true });
  await expect.poll(() => engines.placed.get(0)).toBe(40);
  await button('Undo').click();
  await expect.poll(() => engines.placed.has(0)).toBe(false);
  await expect.element(page.getByRole('radio', { name: 'As it was' })).toBeChecked();

  await page.getByRole('radio', { name: 'Best' }).click({ force: true });
  await expect.poll(() => engines.placed.get(0)).toBe(80);
  await button('Save photo').click();
  await expect.element(page.getByText('Saved as saved.jpeg.')).toBeVisible();
  expect(downloads).toEqual(['saved.jpeg']);
});

test('the divider and the choices work from the keyboard', async () => {
  const { engines } = show({ faces: { 'wink.jpg': [winking] } });
  dropFiles('wink.jpg');
  await button('Open the eyes').click();
  const divider = page.getByRole('slider', { name: 'Before and after' });
  await expect.element(divider).toBeVisible();
  (divider.element() as HTMLElement).focus();
  await userEvent.keyboard('{End}');
  await userEvent.keyboard('{ArrowLeft}{ArrowLeft}');
  await expect.element(divider).toHaveAttribute('aria-valuenow', '96');
  (page.getByRole('radio', { name: 'Best' }).element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowRight}');
  await expect.poll(() => engines.placed.get(0)).toBe(40);
});

test('both eyes shut and no other photo: the page says what would help', async () => {
  const { engines } = show({
    faces: { 'asleep.jpg': [asleep], 'later.jpg': [awake] },
    engines: { openedRanks: [] },
  });
  dropFiles('asleep.jpg');
  await button('Open the eyes').click();
  await expect.element(page.getByText(/Another photo of the same moment/)).toBeVisible();
  await expect.element(button('Add another photo…')).toBeVisible();
  expect(engines.placed.size).toBe(0);
  await expect.element(button('Open the eyes')).not.toBeInTheDocument();
  dropFiles('later.jpg');
  await button('Open the eyes').click();
  await expect.poll(() => engines.placed.has(1)).toBe(true);
});

test('a person overrules a verdict and opens an eye that counted as open', async () => {
  show({ faces: { 'blink.jpg': [awake] } });
  dropFiles('blink.jpg');
  await expect.element(heading('All eyes are open')).toBeVisible();
  await page.getByRole('region', { name: 'Faces with open eyes' }).getByRole('button').click();
  await page.getByRole('combobox', { name: /Left eye of face 3/ }).selectOptions('closed');
  await expect.element(heading('1 face with closed eyes')).toBeVisible();
  await expect.element(button('Open the eyes')).toBeEnabled();
});

test('a click says who is who in another photo', async () => {
  const { engines } = show({ faces: { 'one.jpg': [asleep], 'two.jpg': [awake] } });
  dropFiles('one.jpg', 'two.jpg');
  await button('Take eyes from…').click();
  await button('Face 3 in two.jpg, eyes open').click();
  await expect.poll(() => engines.placed.has(1)).toBe(true);
  await expect.element(page.getByText('The same person in two.jpg.')).toBeVisible();
});

test('a bad file gets a sentence, the others are looked at, earlier work stays', async () => {
  const { engines } = show({
    faces: { 'wink.jpg': [winking] },
    engines: {
      failAt: (method, nth) =>
        method === 'open' && nth === 1
          ? new AppError('photo-unreadable', 'fake', { reason: 'damaged' })
          : null,
    },
  });
  dropFiles('wink.jpg');
  await button('Open the eyes').click();
  await expect.element(heading('1 face opened')).toBeVisible();
  dropFiles('torn.jpg', 'other.jpg');
  await page.getByRole('option', { name: /torn.jpg: could not be used/ }).click();
  await expect.element(page.getByText(/damaged or incomplete/)).toBeVisible();
  await expect.element(page.getByRole('option', { name: /other.jpg: no face found/ })).toBeVisible();
  await page.getByRole('option', { name: /wink.jpg: eyes opened/ }).click();
  await expect.element(heading('1 face opened')).toBeVisible();
  expect(engines.placed.get(0)).toBe(80);
});

test('Escape cancels the search; it can be taken up again', async () => {
  let goOn = () => {};
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  show({ faces: { 'wink.jpg': [winking] }, gate });
  dropFiles('wink.jpg');
  await expect.element(page.getByRole('status')).toHaveTextContent('Looking for faces');
  await expect.element(button('Cancel')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(heading('Not looked at yet')).toBeVisible();
  goOn();
  await button('Look for faces').click();
  await expect.element(heading('1 face with closed eyes')).toBeVisible();
});

test('a failed search can be tried again, a refused file cannot', async () => {
  show({
    faces: { 'wink.jpg': [winking] },
    engines: {
      failAt: (method, nth) => (method === 'cut' && nth === 0 ? new AppError('internal', 'fake') : null),
    },
  });
  dropFiles('wink.jpg');
  await expect.element(heading('This one did not work')).toBeVisible();
  await button('Try again').click();
  await expect.element(heading('1 face with closed eyes')).toBeVisible();
});

test('when the photo engine dies the photos are opened again and work goes on', async () => {
  let dead = false;
  const { engines } = show({
    faces: { 'wink.jpg': [winking] },
    engines: {
      failAt: (method) => {
        if (method !== 'save' || dead) return null;
        dead = true;
        shown.engines.placed.clear();
        return new AppError('engine-lost', 'fake', { engine: 'photo' });
      },
    },
  });
  dropFiles('wink.jpg');
  await button('Open the eyes').click();
  await expect.element(heading('1 face opened')).toBeVisible();
  await button('Save photo').click();
  await expect.element(page.getByText(/Your work is kept/)).toBeVisible();
  await expect.element(page.getByText('Saved as saved.jpeg.')).toBeVisible();
  expect(engines.calls.filter((call) => call === 'open')).toHaveLength(2);
  expect(engines.placed.get(0)).toBe(80);
});

test('a photo can be taken from the list; after the last one the page is as at first', async () => {
  show({ faces: { 'one.jpg': [asleep], 'two.jpg': [awake] } });
  dropFiles('one.jpg', 'two.jpg');
  await expect.element(heading('1 face with closed eyes')).toBeVisible();
  await button(/Remove this photo/).click();
  await expect.element(heading('All eyes are open')).toBeVisible();
  await button(/Remove this photo/).click();
  await expect.element(page.getByRole('heading', { name: 'Somebody blinked?' })).toBeVisible();
});

test('settings go out and come in as JSON; a wrong one is refused with the field and the range', async () => {
  show();
  await button('Settings').click();
  const input = page.getByLabelText('Read settings…');
  await userEvent.upload(input, new File(['{"blend":{"feather":480}}'], 'mine.json'));
  await expect
    .element(page.getByText(/blend.feather is 480; allowed is a number from 0 to 100/))
    .toBeInTheDocument();
  await userEvent.upload(input, new File(['{"blend":{"feather":37}}'], 'mine.json'));
  await expect.element(page.getByRole('slider', { name: /Soft edge/ })).toHaveValue('37');
  await button('Save settings').click();
  expect(downloads).toEqual(['open-the-eyes.json']);
});
