/** axe-core over the states of the page, in both colour schemes' markup and on a narrow screen. */
import axe from 'axe-core';
import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
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
}
