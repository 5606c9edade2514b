/** Buffalo_L in the built app: terms, download, and faces found by it; its pack is a real SCRFD and the twin of 2d106det. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { App } from './app';
import { artifact, needsPhotos, photo } from './photos';

const root = resolve(import.meta.dirname, '../..');
const detector = join(root, '../shared/models/scrfd_500m_bnkps.onnx');
const BASE = 'https://packs.example/buffalo_l/';

test.skip(!existsSync(detector), 'the real SCRFD (../shared/models) is not here');
needsPhotos();

/** The app's catalog, its Buffalo_L with other files on another host. */
async function offerBuffalo(context: BrowserContext): Promise<void> {
  const files: Readonly<Record<string, Buffer>> = {
    'det_10g.onnx': readFileSync(detector),
    '2d106det.onnx': readFileSync(join(root, 'test/twins/2d106det.onnx')),
  };
  const catalog = JSON.parse(readFileSync(join(root, 'public/models/catalog.json'), 'utf8'));
  const pack = catalog.packs.find(({ id }: { id: string }) => id === 'buffalo_l');
  // Another member of the family has other names for its outputs.
  Object.assign(pack, { baseUrl: BASE, tensors: [] });
  for (const file of pack.files) {
    const bytes = files[file.path]!;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    Object.assign(file, { bytes: bytes.length, sha256, chunkSha256: [sha256] });
  }
  await context.route('**/models/catalog.json', (route) => route.fulfill({ json: catalog }));
  await context.route(`${BASE}**`, (route) =>
    route.fulfill({
      body: files[route.request().url().slice(BASE.length)]!,
      contentType: 'application/octet-stream',
      headers: { 'access-control-allow-origin': '*' },
    }),
  );
}

async function getBuffalo(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Models/ }).click();
  const card = page
    .getByRole('article')
    .filter({ has: page.getByRole('heading', { name: 'InsightFace Buffalo_L' }) });
  await card.getByRole('button', { name: /^Get/ }).click();
  await card.getByLabel(/I accept these terms/).check();
  await card.getByRole('button', { name: /^Get|Accept/ }).click();
  await expect(card).toContainText('Ready');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
}

async function findFacesWith(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByLabel(/Find faces with/).selectOption(name);
  await page.getByRole('button', { name: 'Done' }).click();
}

test('once its terms are accepted and it is here, Buffalo_L finds the faces of the next photo; a missing one is said to be', async ({
  context,
  page,
}) => {
  await offerBuffalo(context);
  const app = await App.open(page);
  await app.add(photo('group_09_family_6faces.jpg'));
  await app.looked();
  const markers = page.getByRole('application').getByRole('button', { name: /^Face \d+:/ });
  await expect(markers).toHaveCount(6);
  await expect(app.title).toHaveText('1 face to check');

  await getBuffalo(page);
  await app.add(photo('group_15_flash_3faces_glasses.jpg'));
  await app.looked();
  await app.photo('group_15_flash_3faces_glasses.jpg').click();
  await expect(markers).toHaveCount(3);
  await page.getByRole('button', { name: 'Measures' }).click();
  await page.screenshot({ path: artifact('buffalo.png') });

  // The first photo is looked at again when a person asks for it by name.
  await findFacesWith(page, 'buffalo_l');
  await app.photo('group_09_family_6faces.jpg').click();
  await app.looked();
  await expect(markers).toHaveCount(6);
  // The twin always traces open eyes; to the embedded one an eye was doubtful.
  await expect(app.title).toHaveText('All eyes are open');
  await page.screenshot({ path: artifact('buffalo-group.png') });

  await findFacesWith(page, 'retinaface');
  await expect(
    page.getByText(/RetinaFace is not on this computer\. Get or import it under Models/),
  ).toBeVisible();
  await page.screenshot({ path: artifact('detector-missing.png') });
  await findFacesWith(page, 'embedded');
  await expect(app.title).toHaveText('1 face to check');
  await app.isWell();
});
