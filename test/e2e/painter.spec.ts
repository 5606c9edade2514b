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
  await app.add(photo('closed_05_one_face.jpg'));
  await app.looked();
  return app;
}

test('painted eyes appear as choices', async ({ page }) => {
  const app = await begin(page);
  await page.getByText('Paint new eyes').first().click();
  await page.screenshot({ path: artifact('painter-form.png') });
  await page.getByRole('button', { name: 'Paint', exact: true }).click();
  await expect(page.getByRole('progressbar')).toHaveCount(0, { timeout: PAINTING_MS });
  await page.screenshot({ path: artifact('painter-choices.png') });
  await app.isWell();
});
