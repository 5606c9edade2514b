/** Files that are not opened, and the reason that is told. */
import { afterAll, expect, test } from 'vitest';
import type { AppError } from '../../src/core/errors';
import type { UnreadableReason } from '../../src/core/photo';
import { engines, photo, signal } from './photoEngine';
import { NOT_HERE, sharedPhoto } from './sharedPhoto';

afterAll(() => engines.dispose());

async function refusalOf(file: Blob, name: string): Promise<AppError> {
  return photo.open(file, name, signal).then(
    (info) => expect.fail(`${name} was opened: ${JSON.stringify(info)}`),
    (error: AppError) => error,
  );
}

const made: readonly (readonly [string, BlobPart, UnreadableReason])[] = [
  ['nothing.jpg', '', 'empty'],
  ['page.jpg', '\ufeff <!doctype html><html><script>alert(1)</script>', 'markup'],
  ['drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'markup'],
  ['letter.png', 'Dear reader, this is no picture.', 'not-a-picture'],
  ['scan.jpg', 'II*\0\x08\0\0\0', 'format-tiff'],
  ['old.jpg', 'BM\x36\0\0\0', 'format-other'],
  ['half.png', '\x89PNG', 'not-a-picture'],
];

test.each(made)('%s: %s', async (name, content, reason) => {
  const text = content as string;
  const latin = /^[\0-\xff]*$/.test(text);
  const bytes = latin ? Uint8Array.from(text, (c) => c.charCodeAt(0)) : new TextEncoder().encode(text);
  const error = await refusalOf(new Blob([bytes]), name);
  expect(error).toMatchObject({ code: 'photo-unreadable', details: { reason } });
});

const shared: readonly (readonly [string, UnreadableReason])[] = [
  ['syn_zero_bytes.jpg', 'empty'],
  ['fmt_07_heic_p3_no_face_12mp.heic', 'format-heic'],
  ['fmt_20_200mp.heic', 'format-heic'],
  ['fmt_12_truncated.jpg', 'damaged'],
  ['fmt_13_corrupt_header.jpg', 'damaged'],
];

test.for(shared)('%s: %s', async ([name, reason], { skip }) => {
  const file = await sharedPhoto(name);
  if (!file) return skip(NOT_HERE);
  const error = await refusalOf(file, name);
  expect(error).toMatchObject({ code: 'photo-unreadable', details: { reason } });
});

test('16384 × 16384 is refused by its header, in milliseconds', async ({ skip }) => {
  const file = await sharedPhoto('fmt_15_16384x16384.png');
  if (!file) return skip(NOT_HERE);
  const start = performance.now();
  const error = await refusalOf(file, file.name);
  expect(performance.now() - start).toBeLessThan(500);
  expect(error.code).toBe('photo-too-large');
  expect(error.details).toMatchObject({ megapixels: 268.4, limitMegapixels: 120, limitSidePx: 16_384 });
});

test('a PNG and a WebP that stop half-way are damaged, and the worker goes on', async ({ skip }) => {
  for (const name of ['open_01_astronaut.png', 'syn_closed.webp']) {
    const file = await sharedPhoto(name);
    if (!file) return skip(NOT_HERE);
    const error = await refusalOf(file.slice(0, file.size / 2), name);
    expect(error).toMatchObject({ code: 'photo-unreadable', details: { reason: 'damaged' } });
    const info = await photo.open(file, name, signal);
    expect(info.format).toBe(name.endsWith('png') ? 'png' : 'webp');
    await photo.close(info.id, signal);
  }
});

test('a photo that was closed is not there any more', async () => {
  await expect(photo.view('photo-77', 100, true, signal)).rejects.toMatchObject({ code: 'bad-request' });
});
