/** The restorer in the built app: small networks in the real worker, on a real photo whose eyes were borrowed. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { codeformerTwinWeights } from '../fakes/codeformerTwin';
import { makePack } from '../fakes/packList';
import { App } from './app';
import { difference, facesOf, openDoor } from './door';
import { getPack, offerPack, readSettings } from './ownPacks';
import { artifact, needsPhotos, photo } from './photos';

needsPhotos();
test.setTimeout(180_000);

const WINK = photo('wink_01_dark_bg.jpg');

/** A graph of test/twins/codeformer in place of CodeFormer. */
async function offerRestorer(context: BrowserContext, graph: string): Promise<void> {
  const folder = resolve(import.meta.dirname, '../twins/codeformer');
  const files = new Map([['codeformer.onnx', readFileSync(resolve(folder, `${graph}.onnx`))]]);
  if (graph === 'codeformer') {
    for (const { path, data } of codeformerTwinWeights())
      files.set(path, Buffer.from(await data.arrayBuffer()));
  }
  await offerPack(context, makePack('codeformer', { title: 'CodeFormer', gpu: null }), files);
}

async function opened(page: Page, graph: string, restoration: object = {}): Promise<App> {
  await offerRestorer(page.context(), graph);
  const app = await App.open(page);
  await getPack(page, 'CodeFormer');
  await readSettings(page, { restoration });
  await app.add(WINK);
  await app.looked();
  await app.openEyes();
  await expect(app.title).toHaveText('1 face opened');
  return app;
}

/** The eyes are open in what is saved, and nothing outside them changed. @returns how many pixels did */
async function changedPixels(app: App): Promise<number> {
  const saved = await app.saveAsPng();
  await app.isWell();
  await openDoor(app.page, [WINK, saved]);
  const [before] = await facesOf(app.page, 0);
  const [after] = await facesOf(app.page, 1);
  expect(after!.before).toEqual({ left: 'open', right: 'open' });
  const [x1, y1, x2, y2] = before!.bbox;
  const eyes = [x1, y1, x2, y1 + ((y2 - y1) * 2) / 3] as const;
  const changed = await difference(app.page, [0, 1], [eyes]);
  expect(changed).toMatchObject({ sameSize: true, outside: 0 });
  return changed.pixels;
}

test('a restorer that closes eyes is asked for more faithfulness, and then changes nothing', async ({
  page,
}) => {
  const app = await opened(page, 'closing');
  await expect(
    page.getByText('Detail restored, gently: with more freedom it closed the eyes again.'),
  ).toBeVisible();
  await page.screenshot({ path: artifact('restorer-gently.png') });
  expect(await changedPixels(app)).toBeGreaterThan(100);
});

test('one that always closes eyes is refused: the opened eyes stay as they were borrowed', async ({
  page,
}) => {
  const app = await opened(page, 'closing_always');
  await expect(page.getByText('Its detail was not restored: it closed the eyes again.')).toBeVisible();
  await page.screenshot({ path: artifact('restorer-refused.png') });
  expect(await changedPixels(app)).toBeGreaterThan(100);
});

test('one that paints irises blue is refused', async ({ page }) => {
  await opened(page, 'drifting');
  await expect(
    page.getByText('Its detail was not restored: it changed the colour of the eyes.'),
  ).toBeVisible();
});

test('one that changes little is taken, with the names of a published file, and only the opened eye changes', async ({
  page,
}) => {
  const saved: string[] = [];
  for (const mode of ['off', 'eyes']) {
    const app = await opened(page, 'published_xw', { mode, fidelity: 0.95 });
    await expect(page.getByText('Detail restored.')).toBeVisible({ visible: mode === 'eyes' });
    saved.push(await app.saveAsPng());
    await page.screenshot({ path: artifact('restorer-taken.png') });
    await app.isWell();
  }
  const [borrowed, restored] = saved as [string, string];
  await openDoor(page, [WINK, borrowed, restored]);
  const [face] = await facesOf(page, 0);
  const [x1, y1, x2, y2] = face!.bbox;
  // The closed one is the person's right eye.
  const eye = [x1, y1, (x1 + x2) / 2, y1 + ((y2 - y1) * 2) / 3] as const;
  const changed = await difference(page, [1, 2], [eye]);
  expect(changed).toMatchObject({ sameSize: true, outside: 0 });
  expect(changed.pixels).toBeGreaterThan(100);
});

test('CodeFormer in small, which knows no faces, is found out', async ({ page }) => {
  await opened(page, 'codeformer');
  await expect(page.getByText('Its detail was not restored: it made another face of it.')).toBeVisible();
});
