/** The painter in the built app: its twin on the GPU of this browser, mostly one that computes on the CPU. */
import { expect, type Page, test, type Worker } from '@playwright/test';
import { App } from './app';
import { getPainter, offerPainter, paintSmall } from './painterPack';
import { artifact, needsPhotos, photo } from './photos';

needsPhotos();
test.setTimeout(600_000);
const PAINTING_MS = 240_000;
// A GPU that a processor imitates has hung once in some fifty runs, where nothing could be learned of it.
test.describe.configure({ retries: 1 });

/** The painter's workers, newest last, each with the device that it opens. */
function watchPainters(page: Page): Worker[] {
  const workers: Worker[] = [];
  page.on('worker', (worker) => {
    if (!/diffusion/.test(worker.url())) return;
    workers.push(worker);
    void worker
      .evaluate(() => {
        const { requestDevice } = GPUAdapter.prototype;
        GPUAdapter.prototype.requestDevice = async function (descriptor) {
          const device = await requestDevice.call(this, descriptor);
          Object.assign(globalThis, { device });
          return device;
        };
      })
      .catch(() => undefined);
  });
  return workers;
}

async function begin(page: Page): Promise<App> {
  await offerPainter(page.context());
  await page.goto('/');
  await getPainter(page);
  return await lookedAt(page);
}

async function lookedAt(page: Page): Promise<App> {
  const app = new App(page);
  await paintSmall(page);
  await app.add(photo('closed_05_looking_down.jpg'));
  await app.looked();
  return app;
}

/** Until the first steps are done. @returns how much of the bar was filled when painting first told, and at the end */
async function paintSome(page: Page): Promise<{ readonly first: number; readonly last: number }> {
  await page.getByRole('button', { name: 'Paint', exact: true }).click();
  const bar = page.getByRole('progressbar', { name: 'Painting new eyes' });
  const filled = async () => Number(await bar.getAttribute('value', { timeout: PAINTING_MS }));
  const first = await filled();
  await expect.poll(filled, { timeout: PAINTING_MS, intervals: [100] }).toBeGreaterThan(0.2);
  return { first, last: await filled() };
}

async function ended(page: Page): Promise<void> {
  await expect(page.getByRole('progressbar')).toHaveCount(0, { timeout: PAINTING_MS });
}

test('painted eyes are previewed and appear as choices', async ({ page }) => {
  const app = await begin(page);
  await page.getByText('Paint new eyes').first().click();
  await page.screenshot({ path: artifact('painter-form.png') });
  await paintSome(page);
  await page.screenshot({ path: artifact('painter-preview.png') });
  await ended(page);
  await expect(page.getByRole('radio', { name: 'Best' })).toBeChecked();
  await expect(page.getByText(/^Painted for this face, seed 4[23]\.$/)).toBeVisible();
  await expect(page.getByText(/^No photo shows the colour of these eyes/)).toBeVisible();
  await page.screenshot({ path: artifact('painter-choices.png') });
  await app.isWell();
});

test('a cancel, a reload and a GPU that is lost: the painter goes on where it was', async ({ page }) => {
  const painters = watchPainters(page);
  let app = await begin(page);
  await page.getByText('Paint new eyes').first().click();
  const { last } = await paintSome(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await ended(page);
  await expect(app.title).toHaveText('1 face with closed eyes');
  await expect(page.getByRole('radio')).toHaveCount(0);

  await page.reload();
  app = await lookedAt(page);
  await page.getByText('Paint new eyes').first().click();
  const { first } = await paintSome(page);
  // One step more than before; of six, from the beginning, the first would be less.
  expect(first).toBeGreaterThan(last);

  const before = painters.length;
  await painters.at(-1)!.evaluate(() => (globalThis as { device?: GPUDevice }).device!.destroy());
  await ended(page);
  expect(painters.length).toBe(before + 1);
  await expect(page.getByRole('radio', { name: 'Best' })).toBeChecked();
  await page.screenshot({ path: artifact('painter-after-loss.png') });
  await app.isWell();
});
