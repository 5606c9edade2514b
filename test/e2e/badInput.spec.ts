/** Whatever is dropped: the right result or a clear sentence, the page stays alive, earlier work stays. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { App } from './app';
import { needsPhotos, photo, SAMPLE } from './photos';

const READY = /with closed eyes$|^All eyes are open$|^No face found$|to check$/;
const REFUSED = /^This one did not work$/;

interface Case {
  readonly name: string;
  readonly title: RegExp;
  /** What the page says about it. */
  readonly says?: RegExp;
}

const text = (name: string, mimeType: string, body: string) => ({
  name,
  mimeType,
  buffer: Buffer.from(body),
});

const MADE = [
  text('page.jpg', 'image/jpeg', '<!doctype html><html><body><script>window.ran = 1</script></body></html>'),
  text(
    'drawing.svg',
    'image/svg+xml',
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>window.ran = 2</script></svg>',
  ),
  text('drawing.png', 'image/png', '<svg xmlns="http://www.w3.org/2000/svg" onload="window.ran = 3"/>'),
  text('notes.txt', 'text/plain', 'not a picture at all'),
  { name: 'noise.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(noise(20_000)) },
];

const MADE_CASES: readonly Case[] = [
  { name: 'page.jpg', title: REFUSED, says: /web page/ },
  { name: 'drawing.svg', title: REFUSED, says: /drawing/ },
  { name: 'drawing.png', title: REFUSED, says: /drawing/ },
  { name: 'notes.txt', title: REFUSED, says: /picture|photo/ },
  { name: 'noise.jpg', title: REFUSED, says: /picture|photo|damaged/ },
];

const EITHER = new RegExp(`${READY.source}|${REFUSED.source}`);

const HOSTILE: readonly Case[] = [
  { name: 'fmt_12_truncated.jpg', title: EITHER },
  { name: 'fmt_13_corrupt_header.jpg', title: REFUSED, says: /damaged|incomplete|picture/ },
  { name: 'fmt_14_16bit_flag_no_face.png', title: /^No face found$/ },
  { name: 'fmt_15_16384x16384.png', title: EITHER },
  { name: 'fmt_16_9643x10328_99mp.jpg', title: EITHER },
  { name: 'fmt_17_animated_rotating_squares.webp', title: /^No face found$/, says: /first frame/ },
  { name: 'fmt_18_animated_faces.gif', title: READY, says: /first frame/ },
  { name: 'fmt_19_1x1.png', title: /^No face found$/ },
  { name: 'fmt_20_200mp.heic', title: REFUSED, says: /HEIC/ },
  { name: 'syn_zero_bytes.jpg', title: REFUSED, says: /empty/ },
  { name: 'syn_truncated_60pct_closed.jpg', title: EITHER },
  { name: 'syn_png_bytes_named.jpg', title: READY },
  { name: 'syn_cmyk_closed.jpg', title: /^1 face with closed eyes$/ },
  { name: 'syn_png16_closed.png', title: /^1 face with closed eyes$/ },
  { name: 'syn_alpha_gradient_closed.png', title: READY },
  { name: 'syn_anim_open_wink_closed.gif', title: /^All eyes are open$/, says: /first frame/ },
];

/** Bytes that look like nothing, the same every time. */
function noise(length: number): Uint8Array {
  let state = 12_345;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

/** Opens the sample first: it is the earlier work that must stay. */
async function withEarlierWork(page: App['page']): Promise<App> {
  const app = await App.open(page);
  await app.add(SAMPLE);
  await app.looked();
  await app.openEyes();
  await expect(app.title).toHaveText('1 face opened');
  return app;
}

async function expectAll(app: App, cases: readonly Case[]): Promise<void> {
  for (const { name, title, says } of cases) {
    await test.step(name, async () => {
      await app.photo(name).click();
      await expect(app.title).toHaveText(title);
      if (says) await expect(app.panel).toContainText(says);
    });
  }
}

async function expectEarlierWork(app: App): Promise<void> {
  await app.photo('eileen-collins.jpg').click();
  await expect(app.title).toHaveText('1 face opened');
  await app.saveAsPng();
  await app.isWell();
}

test('what is no photo is refused in words, and never executed', async ({ page }) => {
  const app = await withEarlierWork(page);
  await page.getByLabel('Choose photos').setInputFiles(MADE);
  await app.looked();
  await expectAll(app, MADE_CASES);
  expect(await page.evaluate(() => (window as { ran?: number }).ran)).toBeUndefined();
  await expectEarlierWork(app);
});

test('200 files at once are looked at one after the other', async ({ page }) => {
  test.setTimeout(180_000);
  const app = await App.open(page);
  const buffer = readFileSync(SAMPLE);
  const files = Array.from({ length: 200 }, (_, i) => ({
    name: `many-${i}.jpg`,
    mimeType: 'image/jpeg',
    // Every fourth is broken: a failure in the middle stops nothing.
    buffer: i % 4 === 3 ? buffer.subarray(0, 40) : buffer,
  }));
  await page.getByLabel('Choose photos').setInputFiles(files);
  await expect(page.getByRole('option')).toHaveCount(200);
  await expect(page.getByRole('option', { name: /not looked at yet$/ })).toHaveCount(0, { timeout: 150_000 });
  await expect(page.getByRole('option', { name: /could not be used$/ })).toHaveCount(50);
  await expect(page.getByRole('option', { name: /1 face with closed eyes$/ })).toHaveCount(150);
  await app.isWell();
});

test.describe('real photos', () => {
  needsPhotos();

  test('broken, huge, odd and foreign pictures', async ({ page }) => {
    test.setTimeout(180_000);
    const app = await withEarlierWork(page);
    await app.add(HOSTILE.map(({ name }) => photo(name)));
    await app.looked();
    await expectAll(app, HOSTILE);
    await expectEarlierWork(app);
  });
});
