/** axe-core over the states of the page, in both colour schemes' markup and on a narrow screen. */
import axe from 'axe-core';
import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { makeForm, makeSummary } from './makerApp';
import { form, painterHere, summary } from './painterApp';
import { asleep, awake, dropFiles, type Shown, showApp, winking } from './uiApp';

let shown: Shown;
afterEach(() => shown.remove());

async function problems(): Promise<readonly string[]> {
  const { violations } = await axe.run(document.body, {
    rules: { region: { enabled: true }, 'page-has-heading-one': { enabled: true } },
  });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

for (const [width, height] of [
  [1200, 800],
  [360, 740],
] as const) {
  test(`no violations at ${width} px`, async () => {
    await page.viewport(width, height);
    shown = showApp({ faces: { 'party.jpg': [winking, asleep, awake], 'two.jpg': [awake] } });
    await expect.element(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await problems()).toEqual([]);

    dropFiles('party.jpg', 'two.jpg');
    await expect.element(page.getByText('2 faces with closed eyes')).toBeVisible();
    expect(await problems()).toEqual([]);

    await page.getByRole('button', { name: 'Measures', exact: true }).click();
    await expect.element(page.getByRole('button', { name: 'Save this picture with measures' })).toBeVisible();
    expect(await problems()).toEqual([]);
    const bar = page.getByRole('toolbar', { name: 'View' }).element().getBoundingClientRect();
    expect(bar.left).toBeGreaterThanOrEqual(0);
    expect(bar.right).toBeLessThanOrEqual(width);

    await page.getByRole('button', { name: /Open the eyes of 2/ }).click();
    await expect.element(page.getByRole('button', { name: 'Save photo' })).toBeEnabled();
    expect(await problems()).toEqual([]);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);

    await page.getByRole('button', { name: 'Settings' }).click();
    expect(await problems()).toEqual([]);
  });

  test(`no violations at ${width} px where eyes are made`, async () => {
    await page.viewport(width, height);
    shown = showApp({ faces: { 'party.jpg': [asleep] }, engines: {} });
    dropFiles('party.jpg');
    await makeSummary().click();
    await makeForm.iris('Another…').click({ force: true });
    await expect.element(makeForm.ownIris()).toBeVisible();
    expect(await problems()).toEqual([]);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
    await makeForm.make().click();
    await expect.element(page.getByText(/^These eyes are made up/)).toBeVisible();
    expect(await problems()).toEqual([]);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
  });

  test(`no violations at ${width} px where eyes are painted`, async () => {
    await page.viewport(width, height);
    const { promise, resolve } = Promise.withResolvers<void>();
    const faces = { 'party.jpg': [winking, asleep] };
    shown = showApp({ faces, engines: { ...painterHere, paintGate: promise, cut: 'lashes' } });
    dropFiles('party.jpg');
    await summary().first().click();
    await form.seed().fill('none');
    await expect.element(page.getByText(/^A seed is/)).toBeVisible();
    expect(await problems()).toEqual([]);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);

    await page.getByText('Several wordings', { exact: true }).first().click();
    await page.getByRole('combobox', { name: 'Worded by' }).selectOptions('webllm');
    await page.getByRole('textbox', { name: 'Model' }).fill('https://models.example/Dolphin');
    await page.getByRole('spinbutton', { name: 'How many' }).fill('99');
    expect(await problems()).toEqual([]);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);

    await form.seed().fill('8');
    await form.paint().click();
    await expect.element(page.getByText('This is how it looks so far.')).toBeVisible();
    expect(await problems()).toEqual([]);

    resolve();
    await expect.element(page.getByText('Painted for this face, seed 0.')).toBeVisible();
    expect(await problems()).toEqual([]);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);

    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByText('Advanced painting').click();
    await page.getByRole('spinbutton', { name: /^Seed/ }).fill('-3');
    await expect.element(page.getByText(/^Not taken/)).toBeVisible();
    expect(await problems()).toEqual([]);
  });
}
