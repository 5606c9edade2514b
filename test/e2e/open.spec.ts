/** Photos with closed eyes go in, photos with open eyes come out. */
import { expect, test } from '@playwright/test';
import { App } from './app';
import { difference, facesOf, openDoor } from './door';
import { area, expectOpened } from './expectOpened';
import { artifact, needsPhotos, photo, SAMPLE } from './photos';

test('the sample: one click to try, one to open, one to save', async ({ page }) => {
  const app = await App.open(page);
  await page.getByRole('button', { name: 'Try it with a sample' }).click();
  await app.looked();
  await expect(app.title).toHaveText('1 face with closed eyes');
  await page.screenshot({ path: artifact('sample-1-looked.png') });
  await app.openEyes();
  await expect(app.title).toHaveText('1 face opened');
  await page.screenshot({ path: artifact('sample-2-opened.png') });
  const saved = await app.saveAsPng();
  await expectOpened(page, SAMPLE, saved);
  await app.isWell();
});

test('what was measured is seen on the photo and saved with it', async ({ page }) => {
  const app = await App.open(page);
  await app.add(SAMPLE);
  await app.looked();
  await page.getByRole('button', { name: 'Measures', exact: true }).click();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save this picture with measures' }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toBe('eileen-collins_measures.png');
  await page.screenshot({ path: artifact('measures.png') });
  const saved = await download.path();
  await app.isWell();

  await openDoor(page, [SAMPLE, saved]);
  const [face] = await facesOf(page, 0);
  const [x1, y1, x2, y2] = face!.bbox;
  // The tab above the box, the plate below it.
  const width = x2 - x1;
  const room = [x1 - 0.6 * width, y1 - 0.2 * width, x2 + 0.6 * width, y2 + 0.8 * width] as const;
  const changed = await difference(page, [0, 1], [room]);
  expect(changed).toMatchObject({ sameSize: true, outside: 0 });
  expect(changed.pixels).toBeGreaterThan(0.02 * area(room));
  expect(changed.bounds[1]).toBeLessThan(y1);
  expect(changed.bounds[3]).toBeGreaterThan(y2);
});

test.describe('real photos', () => {
  needsPhotos();

  test('a wink borrows from the other eye', async ({ page }) => {
    const app = await App.open(page);
    await app.add(photo('wink_01_dark_bg.jpg'));
    await app.looked();
    await expect(app.title).toHaveText('1 face with closed eyes');
    await app.openEyes();
    await expect(app.title).toHaveText('1 face opened');
    await page.screenshot({ path: artifact('wink.png') });
    await expectOpened(page, photo('wink_01_dark_bg.jpg'), await app.saveAsPng());
    await app.isWell();
  });

  test('a burst: two photos dropped, the open one lends its eyes', async ({ page }) => {
    const app = await App.open(page);
    await app.add([photo('burst_franck_04000_closed.jpg'), photo('burst_franck_04035_open.jpg')]);
    await app.looked();
    await expect(app.title).toHaveText('1 face with closed eyes');
    await app.openEyes();
    await expect(app.title).toHaveText('1 face opened');
    await page.screenshot({ path: artifact('burst.png') });
    await expectOpened(page, photo('burst_franck_04000_closed.jpg'), await app.saveAsPng());
    await app.isWell();
  });

  test('a group: every face has its marker, awake ones are left alone', async ({ page }) => {
    const app = await App.open(page);
    await app.add(photo('group_05_costume_3faces.jpg'));
    await app.looked();
    await expect(app.title).toHaveText('1 face with closed eyes');
    const markers = page.getByRole('application').getByRole('button', { name: /^Face \d+:/ });
    await expect(markers).toHaveCount(3);
    await expect(markers.filter({ hasText: 'closed' })).toHaveCount(1);
    await app.openEyes();
    await page.screenshot({ path: artifact('group.png') });
    await app.isWell();
  });

  test('undo takes the eyes off, a choice brings them back', async ({ page }) => {
    const app = await App.open(page);
    await app.add(photo('wink_01_dark_bg.jpg'));
    await app.looked();
    await app.openEyes();
    await expect(app.title).toHaveText('1 face opened');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(app.title).toHaveText('1 face with closed eyes');
    await expect(page.getByRole('radio', { name: 'As it was' })).toBeChecked();
    await page.getByRole('radio', { name: 'Best' }).check();
    await expect(app.title).toHaveText('1 face opened');
    await expectOpened(page, photo('wink_01_dark_bg.jpg'), await app.saveAsPng());
    await app.isWell();
  });
});
