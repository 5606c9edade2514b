/** Many photos and quick hands: what was asked for is done, or the page says why not. */
import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '../../src/core/errors';
import { Desk } from '../../src/ui/desk.svelte';
import { asleep, awake, dropFiles, pageTest, winking } from './uiApp';

const show = pageTest();

const button = (name: string | RegExp) => page.getByRole('button', { name });
const heading = (name: string | RegExp) => page.getByRole('heading', { level: 2, name });
const option = (name: string | RegExp) => page.getByRole('option', { name });
const three = { 'one.jpg': [winking], 'two.jpg': [winking], 'three.jpg': [winking] };

async function openAll(): Promise<void> {
  dropFiles('one.jpg', 'two.jpg', 'three.jpg');
  await button('Open in all 3 photos').click();
  await expect.element(button('Save all 3')).toBeVisible();
}

test('choices in quick succession all count: the last one is on the photo', async () => {
  const { engines } = show({ faces: { 'one.jpg': [winking] }, engines: { ranks: [0.8, 0.6, 0.4, 0.2] } });
  dropFiles('one.jpg');
  await button('Open the eyes').click();
  await expect.element(page.getByRole('radio', { name: 'Choice 4' })).toBeInTheDocument();
  const radios = document.querySelectorAll<HTMLInputElement>('fieldset [type=radio]');
  for (const i of [2, 3, 4]) radios[i]!.click();
  await expect.poll(() => engines.placed.get(0)).toBe(20);
  expect(engines.calls.filter((call) => call === 'place')).toHaveLength(4);
});

test('an undo while all photos are opened in turn has its turn, and the series goes on', async () => {
  let undone = 0;
  const { engines } = show({
    faces: three,
    engines: {
      onCall: (method, nth) => {
        if (method === 'undo') undone += 1;
        if (method !== 'generate' || nth !== 1) return;
        [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Undo')!.click();
      },
    },
  });
  dropFiles('one.jpg', 'two.jpg', 'three.jpg');
  await button('Open in all 3 photos').click();
  await expect.poll(() => engines.calls.filter((call) => call === 'generate').length).toBe(3);
  await expect.element(button('Save all 2')).toBeVisible();
  expect(undone).toBe(1);
});

test('saving all goes on after a photo that cannot be saved, and leaves out one that was taken away', async () => {
  const { engines } = show({ faces: three });
  await openAll();
  let saves = 0;
  vi.spyOn(engines.photo, 'save').mockImplementation(async () => {
    saves += 1;
    if (saves === 1) throw new AppError('photo-too-large', 'fake');
    await option(/^three.jpg/).click();
    await button(/^Remove this photo/).click();
    return { blob: new Blob(['picture']), name: 'two_eyes-open.jpg' };
  });
  await button('Save all 3').click();
  await expect.element(page.getByText(/^one.jpg: The photo is too large/)).toBeVisible();
  await expect.element(page.getByText('Saved as two_eyes-open.jpg.')).toBeVisible();
  await expect.element(option('two.jpg: opened and saved')).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Save all 2' })).toBeEnabled();
  expect(saves).toBe(2);
});

test('photos that come while a cancelled look still ends are looked at', async () => {
  show({ faces: { 'two.jpg': [awake] }, gate: new Promise(() => {}) });
  dropFiles('one.jpg');
  await expect.element(page.getByRole('status')).toHaveTextContent('Looking');
  await userEvent.keyboard('{Escape}');
  await expect.element(button('Look for faces')).toBeVisible();
  await button('Look for faces').click();
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
  dropFiles('two.jpg');
  await expect.element(page.getByRole('status')).toHaveTextContent('Looking');
});

test('a photo engine that dies while photos are only looked at is started again without a word', async () => {
  let deaths = 0;
  const { engines } = show({
    faces: { 'one.jpg': [winking], 'two.jpg': [asleep] },
    engines: {
      failAt: (method) => {
        if (method !== 'view' || deaths !== 1) return null;
        deaths = 2;
        return new AppError('engine-lost', 'fake', { engine: 'photo' });
      },
    },
  });
  dropFiles('one.jpg', 'two.jpg');
  await expect.element(option('two.jpg: 1 face with closed eyes')).toBeVisible();
  deaths = 1;
  await option(/two.jpg/).click();
  await expect.poll(() => engines.calls.filter((call) => call === 'open').length).toBe(3);
  await expect.element(page.getByRole('log')).toHaveTextContent('');
});

test('another photo whose file is gone says so itself and stops nobody', async () => {
  let dead = false;
  const { engines } = show({
    faces: { 'one.jpg': [winking], 'two.jpg': [awake] },
    engines: {
      failAt: (method) => {
        if (method !== 'save' || dead) return null;
        dead = true;
        return new AppError('engine-lost', 'fake', { engine: 'photo' });
      },
    },
  });
  const { open } = engines.photo;
  vi.spyOn(engines.photo, 'open').mockImplementation((file, name, ...rest) => {
    const isGone = dead && name === 'two.jpg';
    return isGone
      ? Promise.reject(new AppError('photo-unreadable', 'fake', { reason: 'gone' }))
      : open(file, name, ...rest);
  });
  dropFiles('one.jpg', 'two.jpg');
  await button('Open the eyes').click();
  await button('Save photo').click();
  await expect.element(button('Save again')).toBeVisible();
  await button('Take eyes from…').click();
  await button('Face 3 in two.jpg, eyes open').click();
  await expect.element(option('two.jpg: could not be used')).toBeVisible();
  await expect.element(heading('1 face opened')).toBeVisible();
  expect(engines.placed.get(0)).toBe(80);
});

test('a desk that could not ask, for the engines did not come, asks again', async () => {
  let asked = 0;
  const desk = new Desk(
    async () => {
      asked += 1;
      throw new AppError('download-failed', 'fake');
    },
    [],
    async () => null,
  );
  desk.wanted();
  await expect.poll(() => desk.problem?.code).toBe('download-failed');
  desk.wanted();
  expect(asked).toBe(2);
});
