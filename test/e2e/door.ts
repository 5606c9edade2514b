/** The page's door for scripts: the same detector on any file, and the bytes that a browser decodes. */
import type { Page } from '@playwright/test';
import type { LookedFace } from '../../src/pipeline/runRecord';
import type { ScriptDoor } from '../../src/script';

declare global {
  interface Window {
    openTheEyes: ScriptDoor;
  }
}

export async function openDoor(page: Page, files: readonly string[]): Promise<void> {
  await page.goto('/?script');
  await page.waitForFunction(() => window.openTheEyes);
  await page.setInputFiles('#script-files', [...files]);
}

/** @throws Error when the file cannot be opened. */
export async function facesOf(page: Page, file: number): Promise<readonly LookedFace[]> {
  const answer = await page.evaluate((index) => window.openTheEyes.look(index, false), file);
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer.value;
}

export interface Difference {
  readonly sameSize: boolean;
  /** Pixels that differ in any channel. */
  readonly pixels: number;
  /** Rectangle of all of them: x1, y1, x2, y2. */
  readonly bounds: readonly [number, number, number, number];
  /** Those outside every given box. */
  readonly outside: number;
}

/** Compares two of the door's files as decoded, without colour management. */
export async function difference(
  page: Page,
  files: readonly [number, number],
  boxes: readonly LookedFace['bbox'][],
): Promise<Difference> {
  return await page.evaluate(
    async ([indices, allowed]) => {
      const input = document.querySelector<HTMLInputElement>('#script-files')!;
      const decode = async (index: number) => {
        const bitmap = await createImageBitmap(input.files![index]!, { colorSpaceConversion: 'none' });
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext('2d', { willReadFrequently: true })!;
        context.drawImage(bitmap, 0, 0);
        return context.getImageData(0, 0, bitmap.width, bitmap.height);
      };
      const [a, b] = [await decode(indices[0]), await decode(indices[1])];
      const bounds: [number, number, number, number] = [a.width, a.height, 0, 0];
      let pixels = 0;
      let outside = 0;
      const before = new Uint32Array(a.data.buffer);
      const after = new Uint32Array(b.data.buffer);
      for (let i = 0; i < before.length; i += 1) {
        if (before[i] === after[i]) continue;
        const x = i % a.width;
        const y = (i - x) / a.width;
        pixels += 1;
        bounds[0] = Math.min(bounds[0], x);
        bounds[1] = Math.min(bounds[1], y);
        bounds[2] = Math.max(bounds[2], x + 1);
        bounds[3] = Math.max(bounds[3], y + 1);
        if (!allowed.some(([x1, y1, x2, y2]) => x >= x1 && x < x2 && y >= y1 && y < y2)) outside += 1;
      }
      const sameSize = a.width === b.width && a.height === b.height;
      return { sameSize, pixels, bounds, outside };
    },
    [files, boxes] as const,
  );
}
