/** Changing one's mind: what was finished stays, and what the page says is true of the picture as it is. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { asleep, awake, dropFiles, pageTest, winking } from './uiApp';

const show = pageTest();

const button = (name: string | RegExp) => page.getByRole('button', { name });
const heading = (name: string | RegExp) => page.getByRole('heading', { level: 2, name });

test('another choice after saving is not saved yet', async () => {
  show({ faces: { 'wink.jpg': [winking] } });
  dropFiles('wink.jpg');
  await button('Open the eyes').click();
  await button('Save photo').click();
  await expect.element(button('Save again')).toBeVisible();
  await page.getByRole('radio', { name: 'Choice 2' }).click({ force: true });
  await expect.element(button('Save photo')).toBeVisible();
  await button('Save photo').click();
  await expect.element(button('Save again')).toBeVisible();
  await button('Undo').click();
  await page.getByRole('radio', { name: 'Best' }).click({ force: true });
  await expect.element(button('Save photo')).toBeVisible();
});

test('eyes that were open already come back when the search for others is cancelled', async () => {
  let searches = 0;
  const { engines } = show({
    faces: { 'wink.jpg': [winking], 'two.jpg': [awake] },
    engines: {
      onCall: (method) => {
        if (method === 'generate') searches += 1;
        if (method === 'generate' && searches === 2)
          window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
      },
    },
  });
  dropFiles('wink.jpg', 'two.jpg');
  await button('Open the eyes').click();
  await expect.element(heading('1 face opened')).toBeVisible();
  await page.getByRole('radio', { name: 'Choice 2' }).click({ force: true });
  await expect.poll(() => engines.placed.get(0)).toBe(40);
  await button('Take eyes from…').click();
  await button('Face 3 in two.jpg, eyes open').click();
  await expect.poll(() => searches).toBe(2);
  await expect.element(heading('1 face opened')).toBeVisible();
  await expect.element(page.getByRole('radio', { name: 'Choice 2' })).toBeChecked();
  expect(engines.placed.get(0)).toBe(40);
});

test('eyes that were open already stay when others are refused, and the page says why', async () => {
  const ranks = [0.4, 0.8];
  const { engines } = show({
    faces: { 'wink.jpg': [winking], 'two.jpg': [awake] },
    engines: { ranks },
  });
  dropFiles('wink.jpg', 'two.jpg');
  await button('Open the eyes').click();
  await expect.poll(() => engines.placed.get(0)).toBe(80);
  ranks.length = 0;
  await button('Take eyes from…').click();
  await button('Face 3 in two.jpg, eyes open').click();
  await expect.element(page.getByText(/^Face 1 keeps the eyes it had/)).toBeVisible();
  await expect.element(heading('1 face opened')).toBeVisible();
  expect(engines.placed.get(0)).toBe(80);
});

test('a face that nothing could be done for is not called a face to open', async () => {
  show({ faces: { 'wink.jpg': [winking] }, engines: { ranks: [], openedRanks: [] } });
  dropFiles('wink.jpg');
  await button('Open the eyes').click();
  await expect.element(heading('Nothing could be opened')).toBeVisible();
});

test('leaving the page with opened eyes that were not saved is asked about', async () => {
  show({ faces: { 'wink.jpg': [winking] } });
  const leaving = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  dropFiles('wink.jpg');
  await button('Open the eyes').click();
  await expect.element(heading('1 face opened')).toBeVisible();
  expect(leaving()).toBe(true);
  await button('Save photo').click();
  await expect.element(button('Save again')).toBeVisible();
  expect(leaving()).toBe(false);
});

test('faces that were finished before a cancel are shown', async () => {
  const { engines } = show({
    faces: { 'party.jpg': [winking, { ...winking, index: 1 }] },
    engines: {
      onCall: (method, nth) => {
        if (method === 'generate' && nth === 1)
          window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
      },
    },
  });
  dropFiles('party.jpg');
  await button('Open the eyes of 2 faces').click();
  await expect.element(page.getByRole('slider', { name: 'Before and after' })).toBeVisible();
  expect([...engines.placed.keys()]).toEqual([0]);
  await expect.element(button('Open the eyes')).toBeEnabled();
});

test('a photo taken away while it is looked at makes room for the next, without a word', async () => {
  const { engines } = show({ faces: {}, gate: new Promise(() => {}) });
  dropFiles('one.jpg', 'two.jpg');
  await expect.element(page.getByRole('status')).toHaveTextContent('Looking at photo 1 of 2');
  await expect.poll(() => engines.calls).toContain('view');
  await button(/Remove this photo/).click();
  await expect.poll(() => engines.calls.filter((call) => call === 'open').length).toBe(2);
  await expect.poll(() => engines.calls).toContain('close');
  await expect.element(page.getByRole('log')).toHaveTextContent('');
});

test('a face that sleeps in the other photo cannot lend its eyes', async () => {
  show({ faces: { 'one.jpg': [asleep], 'two.jpg': [asleep, awake] } });
  dropFiles('one.jpg', 'two.jpg');
  await button('Take eyes from…').click();
  await expect.element(button('Face 2 in two.jpg, eyes closed')).toBeDisabled();
  await expect.element(button('Face 3 in two.jpg, eyes open')).toBeEnabled();
});

test('after a cancel all photos that wait can be taken up again', async () => {
  let goOn = () => {};
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  show({ faces: { 'one.jpg': [winking] }, gate });
  dropFiles('one.jpg', 'two.jpg', 'three.jpg');
  await expect.element(page.getByRole('status')).toHaveTextContent('Looking at photo 1 of 3');
  await userEvent.keyboard('{Escape}');
  goOn();
  await button('Look at 3 waiting photos').click();
  await expect.element(page.getByRole('option', { name: 'three.jpg: no face found' })).toBeVisible();
});

test('on a phone the strip of many photos scrolls, the page does not', async () => {
  await page.viewport(360, 740);
  show();
  dropFiles(...Array.from({ length: 12 }, (_, i) => `${i}.jpg`));
  await expect.element(page.getByRole('option', { name: '11.jpg: no face found' })).toBeInTheDocument();
  expect(document.documentElement.scrollWidth).toBe(360);
});
