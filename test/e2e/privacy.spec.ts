/** Nothing leaves the browser: seen from the host, from the browser, and by the policies that would stop it. */
import { expect, type Page, test, type Worker } from '@playwright/test';
import { PolicyWatch } from '../../tools/audit/policyWatch.mjs';
import { App } from './app';
import { SAMPLE } from './photos';
import { StaticHost } from './staticHost';

test.use({ serviceWorkers: 'allow' });

let host: StaticHost;
test.beforeEach(async () => {
  host = await StaticHost.start(true);
});
test.afterEach(() => host.stop());

/** Every address that the page, its workers and its service worker asked for. */
function addressesOf(page: Page): string[] {
  const addresses: string[] = [];
  page.context().on('request', (request) => addresses.push(request.url()));
  return addresses;
}

function foreign(addresses: readonly string[]): readonly string[] {
  return addresses.filter((address) => !/^(blob|data):/.test(address) && !address.startsWith(host.url));
}

async function workerNamed(page: Page, name: string): Promise<Worker> {
  const find = () => page.workers().find((worker) => worker.url().includes(`/${name}.worker-`));
  await expect.poll(find).toBeDefined();
  return find()!;
}

test('a visit asks its own host only, and once the app is here nobody', async ({ page }) => {
  test.setTimeout(180_000);
  const addresses = addressesOf(page);
  await page.goto(host.url);
  const app = new App(page);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  // The runtime for graphics cards comes when nothing has been done for a while.
  await expect.poll(() => host.asked.some((path) => path.includes('.jspi-')), { timeout: 60_000 }).toBe(true);
  await page.waitForLoadState('networkidle');
  const asked = host.asked.length;

  await page.getByRole('button', { name: 'Try it with a sample' }).click();
  await app.looked();
  await app.openEyes();
  await expect(app.title).toHaveText('1 face opened');
  await app.saveAsPng();
  // A second photo asks who is who, with a network of its own.
  await app.add(SAMPLE);
  await app.looked();
  await page.getByRole('button', { name: 'Measures', exact: true }).click();
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Models' }).click();
  await expect(page.getByRole('dialog').getByText('InsightFace Buffalo_L').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Your photo stays on this computer/ }).click();
  await expect(page.getByRole('dialog').getByText('Requests during the last run: 0')).toBeVisible();

  expect(host.asked.slice(asked)).toEqual([]);
  expect(foreign(addresses)).toEqual([]);
  expect(addresses.length).toBeGreaterThan(20);
  await app.isWell();
});

test('the list names every request that the host saw', async ({ page }) => {
  await page.goto(host.url);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await page.reload();
  await expect.poll(() => host.asked.some((path) => path.includes('.jspi-')), { timeout: 60_000 }).toBe(true);
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => fetch('./models/none/pack.json'));
  await page.getByRole('button', { name: /^Your photo stays on this computer/ }).click();
  await page.getByText('The newest of them, one by one').click();
  const row = page.getByRole('row', { name: /none\/pack\.json/ });
  await expect(row).toContainText('a model');
  await expect(row).toContainText(new URL(host.url).host);
  const listed = await page.getByRole('row').locator('.place .soft').allInnerTexts();
  const afterInstall = host.asked.slice(host.asked.indexOf('service-worker.js') + 1);
  const seen = afterInstall.filter((path) => path !== 'service-worker.js' && path !== 'manifest.webmanifest');
  const folder = new URL(host.url).pathname;
  expect(seen.filter((path) => !listed.includes(folder + path))).toEqual([]);
});

test('policies: code, styles and markup of others are refused, and the watch sees it', async ({ page }) => {
  const watch = new PolicyWatch(page.context());
  await page.goto(host.url);
  await expect(page.getByRole('button', { name: 'Choose a photo' })).toBeVisible();
  expect(watch.breaches).toEqual([]);
  const refused = await page.evaluate(async () => {
    // What a debugger evaluates at once is let through.
    await new Promise((resolve) => setTimeout(resolve, 10));
    const attempt = async (work: () => unknown) => {
      try {
        await work();
        return 'done';
      } catch {
        return 'refused';
      }
    };
    return {
      markup: await attempt(() => {
        document.createElement('div').innerHTML = '<b>x</b>';
      }),
      worker: await attempt(() => new Worker('https://other.example/worker.js')),
      otherHost: await attempt(() => fetch('https://other.example/')),
      code: await attempt(() => new Function('return 1')()),
    };
  });
  expect(refused).toEqual({ markup: 'refused', worker: 'refused', otherHost: 'refused', code: 'refused' });
  await page.evaluate(() => {
    const styled = document.createElement('p');
    styled.setAttribute('style', 'color: red');
    document.body.append(styled);
  });
  await expect.poll(() => watch.breaches.length).toBeGreaterThanOrEqual(4);
});

test('policies: the worker that has the photo reaches no other host, the one that fetches models does', async ({
  page,
}) => {
  const watch = new PolicyWatch(page.context());
  const other = await StaticHost.start(false);
  await page.goto(host.url);
  const app = new App(page);
  await app.add(SAMPLE);
  await app.looked();
  await page.getByRole('button', { name: 'Models' }).click();
  await expect(page.getByRole('dialog').getByText('InsightFace Buffalo_L').first()).toBeVisible();
  const ask = (address: string) =>
    fetch(address, { mode: 'no-cors' }).then(
      () => 'sent',
      () => 'refused',
    );
  for (const name of ['photo', 'vision']) {
    expect(await (await workerNamed(page, name)).evaluate(ask, `${other.url}from-${name}`)).toBe('refused');
  }
  expect(watch.breaches.filter((text) => text.includes('connect-src'))).toHaveLength(2);
  expect(other.asked).toEqual([]);
  await (await workerNamed(page, 'models')).evaluate(ask, `${other.url}from-models`);
  expect(other.asked).toEqual(['from-models']);
  await other.stop();
});

test('policies: the worker of language models may start one from a Blob, as its library does; no other may', async ({
  page,
}) => {
  await page.goto(host.url);
  const answers: Record<string, string> = {};
  for (const name of ['language', 'donor']) {
    const file = host.list('assets').find((one) => one.startsWith(`${name}.worker-`))!;
    await page.evaluate((script) => void new Worker(script, { type: 'module' }), `./assets/${file}`);
    answers[name] = await (await workerNamed(page, name)).evaluate(
      () =>
        new Promise<string>((resolve) => {
          const blob = new Blob(['postMessage("started")'], { type: 'text/javascript' });
          const inner = new Worker(URL.createObjectURL(blob));
          inner.onmessage = ({ data }) => resolve(data);
          inner.onerror = () => resolve('refused');
        }),
    );
  }
  expect(answers).toEqual({ language: 'started', donor: 'refused' });
});
