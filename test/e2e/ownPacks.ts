/** Packs on the app's own origin, where self-hosted ones lie, and settings from a file. */
import { createHash } from 'node:crypto';
import { type BrowserContext, expect, type Page } from '@playwright/test';
import type { Pack, PackFile } from '../../src/core/pack';

/** The catalog's entry, if it has one, becomes this pack. @param bytes of its files, by path */
export async function offerPack(
  context: BrowserContext,
  pack: Pack,
  bytes: ReadonlyMap<string, Buffer>,
): Promise<void> {
  const files = [...bytes].map(([path, body]): PackFile => {
    const sha256 = createHash('sha256').update(body).digest('hex');
    const chunkBytes = Math.max(body.length, 1);
    return { path, bytes: body.length, approximate: false, sha256, chunkBytes, chunkSha256: [sha256] };
  });
  const entry = { ...pack, files };
  await context.route('**/models/catalog.json', async (route) => {
    const response = await route.fetch();
    const catalog = await response.json();
    const packs = catalog.packs.map((one: Pack) => (one.id === pack.id ? entry : one));
    await route.fulfill({ response, json: { ...catalog, packs } });
  });
  await context.route(`**/models/${pack.id}/**`, (route) => {
    const body = bytes.get(new URL(route.request().url()).pathname.split(`/${pack.id}/`)[1]!);
    return body
      ? route.fulfill({ body, contentType: 'application/octet-stream' })
      : route.fulfill({ status: 404 });
  });
}

export async function getPack(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: /^Models/ }).click();
  const card = page
    .getByRole('article')
    .filter({ has: page.getByRole('heading', { name: title, exact: true }) });
  const get = card.getByRole('button', { name: /^Get/ });
  // Others are handed out "ready to use".
  const ready = card.getByText(/^\s*Ready/);
  await expect(ready.or(get)).toBeVisible();
  if (await get.isVisible()) await get.click();
  const terms = card.getByRole('checkbox', { name: /^I accept these terms/ });
  await expect(ready.or(terms)).toBeVisible({ timeout: 60_000 });
  if (await terms.isVisible()) {
    await terms.check();
    await card
      .getByRole('button', { name: /^Get|^Accept/ })
      .first()
      .click();
  }
  await expect(card).toContainText('Ready', { timeout: 60_000 });
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
}

export async function readSettings(page: Page, settings: object): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByLabel(/Read settings/).setInputFiles({
    name: 'settings.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(settings)),
  });
  await page.getByRole('button', { name: 'Done' }).click();
}
