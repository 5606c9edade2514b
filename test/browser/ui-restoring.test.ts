/** Restoring from a person's side, over fake engines: where it is offered, what is asked, what is told of it. */
import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '../../src/core/errors';
import type { FakeOptions } from '../fakes/engines';
import { makePack, makeReady } from '../fakes/packList';
import { asleep, awake, dropFiles, pageTest, type Scene, type Shown, winking } from './uiApp';

const codeformer = makePack('codeformer', { gpu: null });
const restorerHere: FakeOptions = { packs: { statuses: [makeReady(codeformer)] } };
const showPage = pageTest();

function show(engines: FakeOptions, faces: Scene['faces'] = { 'wink.jpg': [winking] }): Shown {
  return showPage({ faces, engines });
}

const button = (name: string | RegExp) => page.getByRole('button', { name });
const card = (face: number) => page.getByRole('article', { name: `Face ${face}` });
const open = async () => {
  dropFiles('wink.jpg');
  await button('Open the eyes').click();
};

async function set(name: string, option: string): Promise<void> {
  await button('Settings').click();
  await userEvent.selectOptions(page.getByRole('combobox', { name }), option);
  await button('Done').click();
}

test('without a restorer nothing speaks of it but the settings, which say how to get one', async () => {
  const { engines } = show({});
  await open();
  await expect.element(button('Keep')).toBeVisible();
  expect(engines.restored).toEqual([]);
  await expect.element(button('Restore detail')).not.toBeInTheDocument();
  await expect.element(card(1).getByText(/restore/i)).not.toBeInTheDocument();
  await button('Settings').click();
  await expect
    .element(page.getByText('CodeFormer is not on this computer. Get or import it under Models.'))
    .toBeVisible();
});

test('opened eyes are restored, and a choice that nobody restored is offered to be', async () => {
  const { engines } = show(restorerHere);
  await open();
  await expect.element(card(1).getByText('Detail restored.')).toBeVisible();
  expect(engines.restored).toMatchObject([
    { restorer: 'codeformer', device: 'cpu', fidelity: 0.7, parse: false },
  ]);
  // 100 and the fidelity in hundredths.
  expect(engines.placed.get(0)).toBe(170);
  await card(1).getByRole('radio', { name: 'Choice 2' }).click({ force: true });
  await vi.waitFor(() => expect(engines.placed.get(0)).toBe(40));
  await expect.element(card(1).getByText('Detail restored.')).not.toBeInTheDocument();
  await button('Restore detail').click();
  await expect.element(card(1).getByText('Detail restored.')).toBeVisible();
  expect(engines.placed.get(0)).toBe(170);
  // The first one was restored before, and needs no second time.
  await card(1).getByRole('radio', { name: 'Best' }).click({ force: true });
  await expect.element(card(1).getByText('Detail restored.')).toBeVisible();
  await vi.waitFor(() => expect(engines.placed.get(0)).toBe(170));
  expect(engines.restored).toHaveLength(2);
});

test('what the guard did not take is told', async () => {
  const { engines } = show({ ...restorerHere, restored: () => ({ movedCodes: 99 }) });
  await open();
  await expect
    .element(card(1).getByText('Its detail was not restored: it made another face of it.'))
    .toBeVisible();
  expect(engines.restored.map(({ fidelity }) => fidelity)).toEqual([0.7, 1]);
  expect(engines.placed.get(0)).toBe(80);
});

test('off restores nothing, all restores the faces with open eyes too', async () => {
  const { engines } = show(restorerHere, { 'wink.jpg': [winking, asleep, awake] });
  dropFiles('wink.jpg');
  await set('Restore detail', 'off');
  await button('Open the eyes of 2 faces').click();
  await expect.element(button('Save photo')).toBeEnabled();
  expect(engines.restored).toEqual([]);
  await set('Restore detail', 'all');
  await button('Restore detail').first().click();
  await expect.element(card(1).getByText('Detail restored.')).toBeVisible();
  expect(engines.restored).toMatchObject([{ parse: true }]);
});

test('a face with open eyes is restored alone, and that can be undone', async () => {
  const { engines } = show(restorerHere, { 'wink.jpg': [awake] });
  dropFiles('wink.jpg');
  await page.getByRole('region', { name: 'Faces with open eyes' }).getByRole('button').click();
  await card(3).getByRole('button', { name: 'Restore detail' }).click();
  await expect.element(card(3).getByText('Detail restored.')).toBeVisible();
  expect(engines.placed.get(2)).toBe(170);
  await expect.element(button('Save photo')).toBeVisible();
  await card(3).getByRole('button', { name: 'Undo' }).click();
  await vi.waitFor(() => expect(engines.placed.has(2)).toBe(false));
});

test('what was restored is laid on again after the photo engine died, with eyes or without', async () => {
  let dead = false;
  const { engines } = show(
    {
      ...restorerHere,
      failAt: (method) => {
        if (method !== 'save' || dead) return null;
        dead = true;
        engines.placed.clear();
        return new AppError('engine-lost', 'fake', { engine: 'photo' });
      },
    },
    { 'wink.jpg': [winking, awake] },
  );
  await open();
  await expect.element(card(1).getByText('Detail restored.')).toBeVisible();
  await page.getByRole('region', { name: 'Faces with open eyes' }).getByRole('button').click();
  await card(3).getByRole('button', { name: 'Restore detail' }).click();
  await expect.element(card(3).getByText('Detail restored.')).toBeVisible();
  expect([...engines.placed]).toEqual([
    [0, 170],
    [2, 170],
  ]);
  await button('Save photo').click();
  await expect.element(button('Save again')).toBeVisible();
  expect([...engines.placed]).toEqual([
    [0, 170],
    [2, 170],
  ]);
});

test('faces that were only restored are not called opened', async () => {
  show(restorerHere, { 'wink.jpg': [awake] });
  dropFiles('wink.jpg');
  await page.getByRole('region', { name: 'Faces with open eyes' }).getByRole('button').click();
  await card(3).getByRole('button', { name: 'Restore detail' }).click();
  await expect.element(card(3).getByText('Detail restored.')).toBeVisible();
  await expect.element(page.getByRole('heading', { level: 2, name: 'All eyes are open' })).toBeVisible();
});

test('a restoration that failed can be tried again', async () => {
  let failures = 0;
  show(
    {
      ...restorerHere,
      restored: () => {
        failures += 1;
        if (failures > 1) return {};
        throw new AppError('engine-lost', 'fake', { engine: 'restorer' });
      },
    },
    { 'wink.jpg': [awake] },
  );
  dropFiles('wink.jpg');
  await page.getByRole('region', { name: 'Faces with open eyes' }).getByRole('button').click();
  await button('Restore detail').click();
  await expect.element(card(3).getByText(/stopped and was started again/)).toBeVisible();
  await button('Restore detail').click();
  await expect.element(card(3).getByText('Detail restored.')).toBeVisible();
});

test('settings that are set back ask for the restorer anew', async () => {
  show(restorerHere, { 'wink.jpg': [awake] });
  dropFiles('wink.jpg');
  await page.getByRole('region', { name: 'Faces with open eyes' }).getByRole('button').click();
  await expect.element(button('Restore detail')).toBeVisible();
  await button('Settings').click();
  await page.getByRole('combobox', { name: 'Restorer' }).selectOptions('gfpgan');
  await expect.element(page.getByText(/^GFPGAN is not on this computer/)).toBeVisible();
  await button('Reset').click();
  await expect.element(page.getByText(/^GFPGAN is not on this computer/)).not.toBeInTheDocument();
  await button('Done').click();
  await expect.element(button('Restore detail')).toBeVisible();
});
