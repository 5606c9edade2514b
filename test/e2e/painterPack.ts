/** The painter's twin as a pack on the app's own origin, where a self-hosted one lies. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { sdxlPack } from '../fakes/sdxlPack';
import { getPack, offerPack, readSettings } from './ownPacks';

const twins = resolve(import.meta.dirname, '../twins/sdxl');
const readGraph = async (name: string) => new Uint8Array(await readFile(resolve(twins, `${name}.onnx`)));
const TITLE = 'SDXL inpainting';

export async function offerPainter(context: BrowserContext): Promise<void> {
  const { pack, files } = await sdxlPack('unet9', readGraph);
  const bytes = new Map<string, Buffer>();
  for (const [path, file] of Object.entries(files)) bytes.set(path, Buffer.from(await file.arrayBuffer()));
  await offerPack(context, pack, bytes);
}

export async function getPainter(page: Page): Promise<void> {
  await getPack(page, TITLE);
}

/** Small and few, for a processor that imitates a GPU. */
export async function paintSmall(page: Page, change: object = {}): Promise<void> {
  const generation = {
    painted_size: 64,
    num_variations: 2,
    num_inference_steps: 3,
    strength: 1,
    guidance_scale: 1,
    ...change,
  };
  await readSettings(page, { generation });
}
