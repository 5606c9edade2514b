/** The shelf of the built app over its real store: packs come from a real server, onto a real disk. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BrowserContext, expect, type Locator, type Page, test } from '@playwright/test';
import { requestsOf, serveScenario } from '../packs/client';
import { type PackServer, startPackServer } from '../packs/packServer';
import type { Scenario, ServedFile } from '../packs/scenario';
import { App } from './app';
import { artifact } from './photos';

const TITLE = 'Test painter';
const MIB = 1024 * 1024;
const WEIGHTS: ServedFile = { bytes: 12 * MIB + 12_345, seed: 7 };
const catalog = JSON.parse(
  readFileSync(join(resolve(import.meta.dirname, '../..'), 'public/models/catalog.json'), 'utf8'),
) as { packs: { id: string }[] };

let server: PackServer;
test.beforeAll(async () => {
  server = await startPackServer();
});
test.afterAll(() => server.close());

const serve = (scenario: Scenario) => serveScenario(server.url, scenario);

/** The app with one more pack in its catalog, of which nobody has published a hash. */
async function offer(
  context: BrowserContext,
  baseUrl: string,
  files = { 'weights.bin': WEIGHTS },
): Promise<void> {
  const like = catalog.packs.find(({ id }) => id === 'codeformer')!;
  const pack = {
    ...like,
    id: 'test-painter',
    title: TITLE,
    purpose: 'Paints nothing.',
    restricted: null,
    revision: '1',
    baseUrl,
    tensors: [],
    gpu: null,
    files: Object.entries(files).map(([path, { bytes }]) => ({
      path,
      bytes,
      approximate: false,
      sha256: null,
      chunkBytes: MIB,
      chunkSha256: null,
    })),
  };
  const body = JSON.stringify({ packs: [...catalog.packs, pack] });
  await context.route('**/models/catalog.json', (route) =>
    route.fulfill({ contentType: 'application/json', body }),
  );
}

async function openShelf(page: Page): Promise<{ app: App; card: Locator }> {
  const app = await App.open(page);
  await page.getByRole('button', { name: /^Models/ }).click();
  const card = cardOf(page, TITLE);
  await expect(card).toBeVisible();
  return { app, card };
}

function cardOf(page: Page, title: string): Locator {
  return page
    .getByRole('dialog')
    .getByRole('article')
    .filter({ has: page.getByRole('heading', { name: title }) });
}

const press = (card: Locator, name: string | RegExp) => card.getByRole('button', { name }).click();

test('get, pause, resume, and a second tab that watches; then offline it is still there', async ({
  context,
  page,
}) => {
  const base = await serve({ files: { 'weights.bin': WEIGHTS }, bytesPerSecond: 2_000_000 });
  await offer(context, base);
  const { app, card } = await openShelf(page);
  await expect(card).toContainText('Not here');
  await press(card, /^Get/);
  await expect(card.getByRole('progressbar')).toBeVisible();
  const second = await context.newPage();
  const { card: watching } = await openShelf(second);
  await expect(watching.getByRole('progressbar')).toBeVisible();
  await expect(watching).toContainText('Another window is downloading this.');
  await second.screenshot({ path: artifact('shelf-second-tab.png') });

  await page.bringToFront();
  // A part is 1 MiB of 12, and what is half done begins anew.
  const done = async () => Number(await card.getByRole('progressbar').getAttribute('value'));
  await expect.poll(done).toBeGreaterThan(0.2);
  await press(card, /^Pause/);
  await expect(card).toContainText('Partly here');
  await page.screenshot({ path: artifact('shelf-paused.png') });
  await press(card, /^Resume/);
  await expect(card).toContainText('Ready', { timeout: 30_000 });
  await expect(card).toContainText('127.0.0.1');
  await expect(watching).toContainText('Ready');
  await expect(watching.getByRole('button', { name: /^Check/ })).toBeEnabled();
  await page.screenshot({ path: artifact('shelf-ready.png') });

  const [first, resumed, ...more] = await requestsOf(base);
  expect(more).toEqual([]);
  expect(first).toMatchObject({ range: null });
  const from = Number(/^bytes=(\d+)-/.exec(resumed!.range!)![1]);
  expect(from % MIB).toBe(0);
  expect(from).toBeGreaterThan(0);

  await context.setOffline(true);
  await press(card, /^Check/);
  await expect(card).toContainText('Every file is whole and right.');
  await context.setOffline(false);
  await app.isWell();
});

test('a tab closed in the middle: the next visit goes on from there', async ({ context, page }) => {
  const base = await serve({ files: { 'weights.bin': WEIGHTS }, bytesPerSecond: 2_000_000 });
  await offer(context, base);
  const { card } = await openShelf(page);
  await press(card, /^Get/);
  await expect.poll(async () => (await requestsOf(base))[0]?.bytes ?? 0).toBeGreaterThan(4 * MIB);
  await page.close();
  const { card: again, app } = await openShelf(await context.newPage());
  await expect(again).toContainText('Partly here');
  await press(again, /^Resume/);
  await expect(again).toContainText('Ready', { timeout: 30_000 });
  const [, resumed] = await requestsOf(base);
  expect(Number(/^bytes=(\d+)-/.exec(resumed!.range!)![1])).toBeGreaterThanOrEqual(2 * MIB);
  await app.isWell();
});

test('a full disk is told with numbers; with room again the rest is fetched', async ({ context, page }) => {
  const small = await serve({ files: { 'weights.bin': WEIGHTS } });
  await offer(context, small);
  const cdp = await context.newCDPSession(page);
  await page.goto('/');
  const origin = new URL(page.url()).origin;
  // The browser asks for the quota once, when the app's database is opened.
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 5 * MIB });
  const { app, card } = await openShelf(page);
  await press(card, /^Get/);
  await expect(card).toContainText(/The disk is full: \d+(\.\d+)?\sMB more room is needed/);
  await page.screenshot({ path: artifact('shelf-disk-full.png') });
  const kept = (await card.textContent())!;
  expect(kept).toMatch(/Partly here, [1-4](\.\d+)?\sMB of 12\.6\sMB/);
  await cdp.send('Storage.overrideQuotaForOrigin', { origin });
  await press(card, /^(Try again|Resume)/);
  await expect(card).toContainText('Ready', { timeout: 30_000 });
  const [, rest] = await requestsOf(small);
  expect(Number(/^bytes=(\d+)-/.exec(rest!.range!)![1])).toBeGreaterThanOrEqual(MIB);
  await app.isWell();
});

test('a file that is not the one first seen: it is explained, refused, and taken only when a person says so', async ({
  context,
  page,
}) => {
  const changedFrom = { request: 1, seed: 99 };
  const base = await serve({ files: { 'weights.bin': { ...WEIGHTS, changedFrom } } });
  await offer(context, base);
  const { app, card } = await openShelf(page);
  await press(card, /^Get/);
  await expect(card).toContainText('Ready', { timeout: 30_000 });
  await press(card, /^Remove/);
  await press(card, 'Remove it');
  await expect(card).toContainText('Not here');
  await press(card, /^Get/);
  await expect(card).toContainText('is not the one that was first seen here', { timeout: 30_000 });
  await page.screenshot({ path: artifact('shelf-changed.png') });
  await press(card, /^Take the new one/);
  await expect(card).toContainText('Ready', { timeout: 30_000 });
  await app.isWell();
});

test('restricted packs ask for consent; the GPU is checked and said to be what it is', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const app = await App.open(page);
  await page.getByRole('button', { name: /^Models/ }).click();
  const card = cardOf(page, 'InsightFace Buffalo_L');
  await press(card, /^Get/);
  await expect(card).toContainText('non-commercial research only');
  await expect(card.getByRole('checkbox')).not.toBeChecked();
  await page.screenshot({ path: artifact('shelf-consent.png') });
  await press(card, 'Not now');
  expect(asked.filter((url) => !url.startsWith(new URL(page.url()).origin))).toEqual([]);

  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Check the card' }).click();
  await expect(dialog).toContainText(
    /It was checked and computes all but convolutions of 9 channels correctly/,
    {
      timeout: 60_000,
    },
  );
  await page.screenshot({ path: artifact('shelf-gpu.png') });
  await app.isWell();
});
