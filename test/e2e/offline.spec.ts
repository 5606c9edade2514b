/** The built app without a network, and how new versions of it come. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, expect, type Page, test } from '@playwright/test';
import { chromiumLaunch } from '../../tools/chromium.mjs';
import { App } from './app';
import { needsPhotos, photo, SAMPLE } from './photos';
import { StaticHost } from './staticHost';

test.use({ serviceWorkers: 'allow' });

let host: StaticHost;
test.beforeEach(async () => {
  host = await StaticHost.start(false);
});
test.afterEach(() => host.stop());

/** Opens the app and waits until it is kept and isolated, which is after one reload. */
async function install(page: Page): Promise<App> {
  const app = new App(page);
  await page.goto(host.url);
  // Nothing is evaluated before: to the page that is a person who does something.
  await page.waitForEvent('load', { timeout: 60_000 });
  await expect.poll(() => isolated(page), { timeout: 60_000 }).toBe(true);
  return app;
}

/** While the page is loaded anew it cannot answer. */
async function isolated(page: Page): Promise<boolean> {
  return await page
    .evaluate(() => crossOriginIsolated && navigator.serviceWorker.controller !== null)
    .catch(() => false);
}

async function openSample(app: App): Promise<void> {
  await app.add(SAMPLE);
  await app.looked();
  await app.openEyes();
  await expect(app.title).toHaveText('1 face opened');
}

/** A second version on the host: another title, and the service worker that knows it. */
function deploy(title: string): void {
  const page = host.read('index.html').replace('<title>Open The Eyes</title>', `<title>${title}</title>`);
  const sha256 = createHash('sha256').update(page).digest('hex');
  const worker = host.read('service-worker.js');
  // The bundler chooses the quotes.
  const entry = /(index\.html(.),sha256:\2)[0-9a-f]{64}(\2,revision:\2)[0-9a-f]+/;
  expect(worker).toMatch(entry);
  host.changed.set('index.html', page);
  host.changed.set('service-worker.js', worker.replace(entry, `$1${sha256}$3feedfacefeedface`));
}

async function lookForUpdate(page: Page): Promise<void> {
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())!.update());
}

test('a host without headers: one reload makes the page isolated, and never a second', async ({ page }) => {
  let loads = 0;
  page.on('load', () => {
    loads += 1;
  });
  const app = await install(page);
  expect(loads).toBe(2);
  expect(await page.evaluate(() => typeof SharedArrayBuffer)).toBe('function');
  await openSample(app);
  expect(loads).toBe(2);
  await app.isWell();
});

test('a photo that is open is never closed for the sake of isolation', async ({ page }) => {
  const app = new App(page);
  await page.goto(host.url);
  await app.add(SAMPLE);
  await app.looked();
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await page.waitForTimeout(1000);
  await expect(app.title).toHaveText('1 face with closed eyes');
  expect(await isolated(page)).toBe(false);
  await app.isWell();
});

test('somebody who has begun to do something is not interrupted either', async ({ page }) => {
  await page.goto(host.url);
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a photo' }).click();
  const chooser = await choosing;
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await page.waitForTimeout(1000);
  await chooser.setFiles(SAMPLE);
  await expect(page.locator('#panel-title')).toBeVisible();
  expect(await isolated(page)).toBe(false);
});

/** Starts a browser in which the app was installed by a first visit, when its host is gone. */
async function coldStart(work: (app: App) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'open-the-eyes-'));
  const launch = (): Promise<BrowserContext> => chromium.launchPersistentContext(folder, chromiumLaunch());
  try {
    const before = await launch();
    await install(await before.newPage());
    await before.close();
    await host.stop();

    const after = await launch();
    const page = await after.newPage();
    await page.goto(host.url);
    const app = new App(page);
    await work(app);
    expect(await isolated(page)).toBe(true);
    await app.isWell();
    await after.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
    host = await StaticHost.start(false);
  }
}

test('a cold start without a network: the app opens eyes and saves', async () => {
  test.setTimeout(150_000);
  await coldStart(async (app) => {
    await openSample(app);
    await app.saveAsPng();
  });
});

test.describe('with real photos', () => {
  needsPhotos();

  test('a cold start without a network: both eyes of one photo are opened by the network that ships', async () => {
    test.setTimeout(150_000);
    await coldStart(async (app) => {
      await app.add(photo('burst_franck_04000_closed.jpg'));
      await app.looked();
      await app.openEyes();
      await expect(app.title).toHaveText('1 face opened');
    });
  });
});

test('a new version waits for the work, then for a click', async ({ page }) => {
  const app = await install(page);
  const buffer = readFileSync(SAMPLE);
  const copy = (name: string) => ({ name, mimeType: 'image/jpeg', buffer });
  await page
    .getByLabel('Choose photos')
    .setInputFiles(Array.from({ length: 12 }, (_, i) => copy(`many-${i}.jpg`)));
  await expect(app.photo('many-0.jpg')).toHaveAccessibleName(/closed eyes$/);
  deploy('Open The Eyes, second edition');
  await lookForUpdate(page);
  const notice = page.getByRole('status').filter({ hasText: 'A new version is here.' });
  await expect(notice).toContainText('It waits until the work here is done.');
  await expect(notice.getByRole('button', { name: 'Reload' })).toBeDisabled();
  await app.looked();
  await expect(page.getByRole('option', { name: /1 face with closed eyes$/ })).toHaveCount(12);

  await app.openEyes();
  await expect(app.title).toHaveText('1 face opened');
  await expect(page).toHaveTitle('Open The Eyes');
  await expect(notice).toContainText('what is not saved is lost');
  await notice.getByRole('button', { name: 'Reload without saving' }).click();
  await expect(page).toHaveTitle('Open The Eyes, second edition');
  await expect(page.getByText('A new version is here.')).toBeHidden();
  await app.isWell();
});

test('a new version does not take the files of another window away', async ({ page, context }) => {
  await install(page);
  const other = await context.newPage();
  await other.goto(host.url);
  deploy('Open The Eyes, third edition');
  await lookForUpdate(page);
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect(page.getByText('Close the other windows of this app first')).toBeVisible();
  await other.close();
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect(page).toHaveTitle('Open The Eyes, third edition');
});

test('a host that serves another file than the one that was built: the version before goes on', async ({
  page,
}) => {
  await install(page);
  deploy('Open The Eyes, fourth edition');
  host.changed.set('index.html', '<!doctype html><title>half a deployment</title>');
  await lookForUpdate(page).catch(() => undefined);
  await page.waitForTimeout(1500);
  await page.reload();
  await expect(page).toHaveTitle('Open The Eyes');
  await expect(page.getByText('A new version is here.')).toBeHidden();
});

test('photos that another app shares open in this one', async ({ page }) => {
  const app = await install(page);
  const asked = host.asked.length;
  // As the system does it: a form of files, posted to the address that the manifest names.
  await page.evaluate(() => {
    const form = document.createElement('form');
    Object.assign(form, { action: './share', method: 'post', enctype: 'multipart/form-data' });
    const input = document.createElement('input');
    Object.assign(input, { type: 'file', name: 'photos', multiple: true, id: 'shared' });
    form.append(input);
    document.body.append(form);
  });
  const buffer = readFileSync(SAMPLE);
  await page.setInputFiles('#shared', [
    { name: 'größe <b>1</b>.jpg', mimeType: 'image/jpeg', buffer },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') },
  ]);
  await page.evaluate(() => document.querySelector<HTMLFormElement>('form[action="./share"]')!.submit());
  await expect(page.getByRole('option')).toHaveCount(2);
  await app.looked();
  await expect(
    page.getByRole('option', { name: /^größe <b>1<\/b>\.jpg: 1 face with closed eyes/ }),
  ).toBeVisible();
  expect(page.url()).toBe(host.url);
  expect(host.asked.slice(asked).filter((path) => path.includes('share'))).toEqual([]);

  await page.reload();
  await expect(page.getByRole('button', { name: 'Choose a photo' })).toBeVisible();
  await expect(page.getByRole('option')).toHaveCount(0);
});

test('working offline: nothing is asked for any more, and the app says so', async ({ page }) => {
  const app = await install(page);
  await page.getByRole('button', { name: /^Your photo stays on this computer/ }).click();
  await page.getByRole('switch', { name: /^Work offline/ }).check();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /and it works offline$/ })).toBeVisible();

  await page.reload();
  await expect(page.getByRole('button', { name: /and it works offline$/ })).toBeVisible();
  const asked = host.asked.length;
  expect(await page.evaluate(async () => (await fetch('./models/none/pack.json')).status)).toBe(403);
  await page.getByRole('button', { name: 'Models' }).click();
  await expect(page.getByText(/“Work offline” is on.*nothing is fetched/)).toBeVisible();
  await page.keyboard.press('Escape');
  await openSample(app);
  // The browser itself asks for a new service worker at a reload.
  expect(host.asked.slice(asked).filter((path) => path !== 'service-worker.js')).toEqual([]);

  await page.getByRole('button', { name: /^Your photo stays on this computer/ }).click();
  const panel = page.getByRole('dialog');
  await expect(panel.getByText('Requests during the last run: 0')).toBeVisible();
  await panel.getByText('The newest of them, one by one').click();
  await expect(panel.getByRole('row', { name: /none\/pack\.json.*refused/ })).toBeVisible();
  await panel.getByRole('switch', { name: /^Work offline/ }).uncheck();
  expect(await page.evaluate(async () => (await fetch('./models/none/pack.json')).status)).toBe(404);
  await app.isWell();
});

test('going offline cuts a download that is under way', async ({ page }) => {
  const app = await install(page);
  const rest = await page.evaluateHandle(async (address) => {
    const reader = (await fetch(address)).body!.getReader();
    await reader.read();
    const end = reader.read().then(
      () => 'more came',
      () => 'cut',
    );
    return { end };
  }, `./${StaticHost.ENDLESS}`);
  await page.getByRole('button', { name: /^Your photo stays on this computer/ }).click();
  await page.getByRole('switch', { name: /^Work offline/ }).check();
  expect(await rest.evaluate(({ end }) => end)).toBe('cut');
  await app.isWell();
});
