/** Wordings in the built app: the real worker, which counts with the tokenizer of the painter's own pack. */
import { expect, test } from '@playwright/test';
import { App } from './app';
import { getPainter, offerPainter } from './painterPack';
import { artifact, needsPhotos, photo } from './photos';

needsPhotos();
test.setTimeout(200_000);

/** The twin's vocabulary knows letters only, each a token. */
const lettersOf = (prompt: string) => prompt.replaceAll('{iris}', 'dark brown').replaceAll(' ', '').length;
const MOST_LETTERS = 75;

test('the rules fill the encoder and no more; models say how they stand', async ({ page }) => {
  await offerPainter(page.context());
  await page.goto('/?num-variations=3');
  await getPainter(page);
  const app = new App(page);
  await app.add(photo('closed_05_looking_down.jpg'));
  await app.looked();
  await page.getByText('Paint new eyes').first().click();
  const prompt = page.getByRole('textbox', { name: 'What to paint' });
  await prompt.fill('open eyes, {iris} iris');
  await page.getByRole('textbox', { name: 'What to avoid' }).fill('closed eyes');
  await page.getByText('Several wordings', { exact: true }).click();
  const by = page.getByRole('combobox', { name: 'Worded by' });
  await expect(by).toContainText('on the processor (not here)');
  // One that the processor imitates is none.
  await expect(by).toContainText(/on the graphics card \((up to .* to fetch|not here)\)/);
  await expect(page.getByRole('spinbutton', { name: 'How many' })).toHaveValue('3');
  await page.getByRole('button', { name: 'Suggest wordings' }).click();
  await expect(page.getByText('3 wordings by the rules, without a language model.')).toBeVisible();
  const lines = (await prompt.inputValue()).split('\n');
  expect(new Set(lines).size).toBe(4);
  for (const line of lines) {
    expect(line).toContain('open eyes, {iris} iris');
    expect(lettersOf(line)).toBeLessThanOrEqual(MOST_LETTERS);
  }
  await expect(page.getByText(/^Makes 4 choices\./)).toBeVisible();

  await by.selectOption('cpu');
  await page.getByRole('button', { name: 'Suggest wordings' }).click();
  await expect(
    page.getByText(/^The model could not speak\. Its model is not on this computer\./),
  ).toBeVisible();
  await page.getByText('Save wordings').scrollIntoViewIfNeeded();
  await page.screenshot({ path: artifact('wordings.png') });
  await app.isWell();
});
