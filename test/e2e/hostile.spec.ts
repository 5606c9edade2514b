/** Names, metadata and files that were made to do harm. */
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { buildTiff } from '../fakes/tiff';
import { App } from './app';
import { SAMPLE } from './photos';

const MARKUP = '<img src=x onerror="window.ran=1"><script>window.ran=2</script>';
/** Inflated; packed it is a thousandth of it. */
const BOMB_BYTES = 192 * 1024 * 1024;
const FINISHED = /closed eyes$|could not be used$|no face found$/i;

const sample: Buffer = readFileSync(SAMPLE);
const jpeg = (name: string, buffer: Buffer = sample) => ({ name, mimeType: 'image/jpeg', buffer });
const png = (name: string, ...chunks: readonly Buffer[]) => ({
  name,
  mimeType: 'image/png',
  buffer: Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    ...chunks,
    chunk('IEND', Buffer.alloc(0)),
  ]),
});

function crc(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let i = 0; i < 8; i += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  }
  return ~rest >>> 0;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc(body), body.length + 4);
  return framed;
}

/** 8-bit RGB. */
function header(width: number, height: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([8, 2, 0, 0, 0], 8);
  return chunk('IHDR', data);
}

/** A marker segment behind the first two bytes of the sample. */
function withSegment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([sample.subarray(0, 2), head, content, sample.subarray(2)]);
}

async function expectHarmless(app: App): Promise<void> {
  expect(await app.page.evaluate(() => (window as { ran?: number }).ran)).toBeUndefined();
  expect(await app.page.locator('img[src="x"], script:not([src])').count()).toBe(0);
  await app.isWell();
}

test('hostile names are text, on the page and in what is saved', async ({ page }) => {
  const names = [
    `${MARKUP}.jpg`,
    'photo\u202Egpj.exe',
    `${'ß'.repeat(251)}.jpg`,
    '../../../etc/passwd.jpg',
    'C:\\windows\\system32\\a.jpg',
    'nul\u0000byte\n.jpg',
    '   ',
    '%2e%2e%2f{@html 1}{{7*6}}.jpg',
  ];
  const app = await App.open(page);
  // A file input would clean the names; a drop hands them on as they are.
  const bytes = sample.toString('base64');
  await page.evaluate(
    ([base64, all]) => {
      const data = new DataTransfer();
      const content = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      for (const name of all) data.items.add(new File([content], name, { type: 'image/jpeg' }));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    [bytes, names] as const,
  );
  await expect(page.getByRole('option')).toHaveCount(names.length);
  await app.looked();
  const shown = await page
    .locator('[role=option]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('title') ?? ''));
  expect(shown).toEqual(names);
  for (const index of [0, 1, 3]) {
    await page.locator('[role=option]').nth(index).click();
    await app.openEyes();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: /^Save (photo|again)$/ }).click();
    expect((await saving).suggestedFilename()).not.toMatch(/[/\\]|\.exe$/);
  }
  await expectHarmless(app);
});

test('markup in EXIF is text in every record', async ({ page }) => {
  const value = (tag: number) => ({ tag, type: 2, values: MARKUP }) as const;
  const exif = buildTiff({
    main: [value(0x010e), value(0x010f), value(0x0110), value(0x013b), value(0x8298)],
    exif: [value(0x9003), value(0xa434)],
  });
  const app = await App.open(page);
  const content = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exif]);
  await app.add(jpeg('exif.jpg', withSegment(0xe1, content)) as never);
  await app.looked();
  await app.openEyes();
  await expect(app.title).toHaveText('1 face opened');
  for (const summary of await page.locator('summary:visible').all()) await summary.click();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save photo' }).click();
  expect(readFileSync(await (await saving).path()).includes('onerror')).toBe(true);
  await expectHarmless(app);
});

test('bombs: what claims or unpacks to far more than it is', async ({ page }) => {
  test.setTimeout(180_000);
  const bomb = deflateSync(Buffer.alloc(BOMB_BYTES), { level: 9 });
  const pixels = chunk('IDAT', deflateSync(Buffer.alloc(64 * (3 * 64 + 1))));
  const named = (keyword: string, rest: readonly number[]) =>
    Buffer.concat([Buffer.from(`${keyword}\0`, 'latin1'), Buffer.from(rest), bomb]);
  // "ICC_PROFILE", part 1 of 255 that never come, of a profile that says it has 4 GB.
  const profile = Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\xff', 'latin1'), Buffer.alloc(60_000, 0xff)]);
  const app = await App.open(page);
  await app.add(SAMPLE);
  await app.looked();
  await page
    .getByLabel('Choose photos')
    .setInputFiles([
      png('icc-bomb.png', header(64, 64), chunk('iCCP', named('x', [0])), pixels),
      png('xmp-bomb.png', header(64, 64), chunk('iTXt', named('XML:com.adobe.xmp', [1, 0, 0, 0])), pixels),
      png('text-bomb.png', header(64, 64), chunk('zTXt', named('Comment', [0])), pixels),
      png('pixel-bomb.png', header(64, 64), chunk('IDAT', bomb)),
      png('size-bomb.png', header(60_000, 60_000), chunk('IDAT', bomb)),
      jpeg('icc-parts.jpg', withSegment(0xe2, profile)),
    ]);
  await expect(page.getByRole('option', { name: FINISHED })).toHaveCount(7, { timeout: 120_000 });
  await expect(page.getByRole('option', { name: /^size-bomb\.png: .*could not be used$/ })).toBeVisible();
  await expect(page.getByRole('option', { name: /^icc-parts\.jpg: 1 face with closed eyes$/ })).toBeVisible();
  await page.getByRole('option', { name: /^eileen-collins\.jpg/ }).click();
  await app.openEyes();
  await expect(app.title).toHaveText('1 face opened');
  await expectHarmless(app);
});
