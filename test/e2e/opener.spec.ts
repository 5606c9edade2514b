/** Both eyes shut, no other photo, no download: the network that the app ships makes new eyes. */
import { expect, type Locator, type Page, test } from '@playwright/test';
import { App } from './app';
import { expectOpened } from './expectOpened';
import { artifact, needsPhotos, photo } from './photos';

needsPhotos();

const PHOTO = photo('closed_05_looking_down.jpg');

/** Looked at, opened by one click. */
async function opened(page: Page): Promise<App> {
  const app = await App.open(page);
  await app.add(PHOTO);
  await app.looked();
  await expect(app.title).toHaveText('1 face with closed eyes');
  await app.openEyes();
  await expect(app.title).toHaveText('1 face opened');
  return app;
}

test('both eyes shut and no other photo: open eyes, and said to be made up', async ({ page }) => {
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  const app = await opened(page);
  await expect(page.getByText(/^These eyes are made up/)).toBeVisible();
  await expect(page.getByRole('radio', { name: /^(Best|Choice \d)/ })).toHaveCount(4);
  await page.screenshot({ path: artifact('made.png') });
  await expectOpened(page, PHOTO, await app.saveAsPng());
  await app.isWell();
  const hosts = new Set(requests.filter((url) => url.startsWith('http')).map((url) => new URL(url).host));
  expect([...hosts]).toEqual([new URL(page.url()).host]);
});

test('the colour that is chosen is the colour that is made', async ({ page }) => {
  const app = await opened(page);
  await page.getByText('Make new eyes').first().click();
  const blueness: number[] = [];
  for (const colour of ['Dark brown', 'Blue']) {
    await page.getByRole('radio', { name: colour, exact: true }).check();
    await page.getByRole('button', { name: 'Make', exact: true }).click();
    await expect(page.getByRole('progressbar')).toHaveCount(0, { timeout: 60_000 });
    await expect(page.getByText('as most eyes are')).toHaveCount(0);
    blueness.push(await bluenessOf(page, page.getByRole('radio', { name: 'Best' }).locator('..')));
    await page.screenshot({ path: artifact(`made-${colour.toLowerCase().replace(' ', '-')}.png`) });
  }
  expect(blueness[1]! - blueness[0]!).toBeGreaterThan(0.3);
  await app.isWell();
});

/** How much more blue than red a part of the page is, in codes, on the mean. */
async function bluenessOf(page: Page, part: Locator): Promise<number> {
  const png = (await part.screenshot()).toString('base64');
  return await page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data: codes } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let sum = 0;
    for (let i = 0; i < codes.length; i += 4) sum += codes[i + 2]! - codes[i]!;
    return (4 * sum) / codes.length;
  }, png);
}
