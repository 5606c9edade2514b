/** The painter in the built app: its twin on the GPU of this browser, mostly one that computes on the CPU. */
import { expect, type Page, test, type Worker } from '@playwright/test';
import { App } from './app';
import { getPainter, offerPainter, paintSmall } from './painterPack';
import { artifact, needsPhotos, photo } from './photos';

needsPhotos();
test.setTimeout(600_000);
const PAINTING_MS = 400_000;

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
  const app = await App.open(page);
  await getPainter(page);
  await paintSmall(page);
  await app.add(photo('closed_05_looking_down.jpg'));
  await app.looked();
  return app;
}

const bar = (page: Page) => page.getByRole('progressbar', { name: 'Painting new eyes' });

/** Until the first steps are done. */
async function paintSome(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Paint', exact: true }).click();
  await expect
    .poll(async () => Number(await bar(page).getAttribute('value', { timeout: PAINTING_MS })), {
      timeout: PAINTING_MS,
      intervals: [100],
    })
    .toBeGreaterThan(0.2);
}

async function painted(page: Page): Promise<void> {
  await expect(bar(page)).toHaveCount(0, { timeout: PAINTING_MS });
}

test('painted eyes are previewed and appear as choices', async ({ page }) => {
  const app = await begin(page);
  await page.getByText('Paint new eyes').first().click();
  await page.screenshot({ path: artifact('painter-form.png') });
  await paintSome(page);
  await page.screenshot({ path: artifact('painter-preview.png') });
  await painted(page);
  await expect(page.getByRole('radio', { name: 'Best' })).toBeChecked();
  await expect(page.getByText(/^Painted for this face, seed 4[23]\.$/)).toBeVisible();
  await expect(page.getByText(/^No photo shows the colour of these eyes/)).toBeVisible();
  await page.screenshot({ path: artifact('painter-choices.png') });
  await app.isWell();
});

test('a cancel stops the painter, and a GPU that is lost on the next way does not stop it', async ({
  page,
}) => {
  const painters = watchPainters(page);
  const app = await begin(page);
  await page.getByText('Paint new eyes').first().click();
  await paintSome(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await painted(page);
  await expect(app.title).toHaveText('1 face with closed eyes');
  await expect(page.getByRole('radio')).toHaveCount(0);

  // It goes on where it was, on the same device, which is lost then.
  await paintSome(page);
  const before = painters.length;
  await painters.at(-1)!.evaluate(() => (globalThis as { device?: GPUDevice }).device!.destroy());
  await painted(page);
  expect(painters.length).toBe(before + 1);
  await expect(page.getByRole('radio', { name: 'Best' })).toBeChecked();
  await page.screenshot({ path: artifact('painter-after-loss.png') });
  await app.isWell();
});
