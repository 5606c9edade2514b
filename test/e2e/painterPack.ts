/** The painter's twin as a pack on the app's own origin, where a self-hosted one lies. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { sdxlPack } from '../fakes/sdxlPack';

const twins = resolve(import.meta.dirname, '../twins/sdxl');
const readGraph = async (name: string) => new Uint8Array(await readFile(resolve(twins, `${name}.onnx`)));
const TITLE = 'SDXL inpainting';

export async function offerPainter(context: BrowserContext): Promise<void> {
  const { pack, files } = await sdxlPack('unet9', readGraph);
  const bytes = new Map<string, Buffer>();
  for (const [path, file] of Object.entries(files)) bytes.set(path, Buffer.from(await file.arrayBuffer()));
  const described = pack.files.map((file) => {
    const sha256 = createHash('sha256').update(bytes.get(file.path)!).digest('hex');
    return { ...file, sha256, chunkSha256: [sha256] };
  });
  bytes.set('pack.json', Buffer.from(JSON.stringify({ ...pack, files: described })));
  await context.route('**/models/sdxl-inpaint/**', (route) => {
    const path = new URL(route.request().url()).pathname.split('/sdxl-inpaint/')[1]!;
    const body = bytes.get(path);
    return body
      ? route.fulfill({ body, contentType: 'application/octet-stream' })
      : route.fulfill({ status: 404 });
  });
}

export async function getPainter(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Models/ }).click();
  const card = page
    .getByRole('article')
    .filter({ has: page.getByRole('heading', { name: TITLE, exact: true }) });
  await card.getByRole('button', { name: 'Get from this site' }).click();
  await expect(card).toContainText('Ready', { timeout: 60_000 });
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
}

/** Small and few, for a processor that imitates a GPU. */
export async function paintSmall(page: Page, change: object = {}): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  const generation = {
    painted_size: 64,
    num_variations: 2,
    num_inference_steps: 3,
    strength: 1,
    guidance_scale: 1,
    ...change,
  };
  await page.getByLabel(/Read settings/).setInputFiles({
    name: 'settings.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify({ generation })),
  });
  await page.getByRole('button', { name: 'Done' }).click();
}
