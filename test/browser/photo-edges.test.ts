/** The narrowest, the longest, the strangest that is still a photo. */
import { afterAll, expect, test } from 'vitest';
import type { PhotoInfo } from '../../src/core/photo';
import { createPhotoEngine } from '../../workers/photo/engine';
import { textChunk } from '../../workers/photo/formats/pngFile';
import { writePng } from '../../workers/photo/formats/pngWriter';
import { wholeSquare } from '../fakes/squares';
import { engines, original, photo, signal } from './photoEngine';

afterAll(() => engines.dispose());

const options = { quality: 0, keepGps: true, enlarge: 1, parts: 'captured', record: {} } as const;

/** Grey steps along the longer side. */
async function ramp(width: number, height: number, chunks: Parameters<typeof writePng>[1] = []) {
  const rows = (y: number, count: number) => {
    const data = new Uint8ClampedArray(width * count * 4).fill(255);
    for (let i = 0; i < width * count; i += 1) {
      const along = width >= height ? i % width : y + Math.floor(i / width);
      data.fill((along * 7) & 255, i * 4, i * 4 + 3);
    }
    return data;
  };
  return writePng({ width, height, hasAlpha: false, rows }, chunks);
}

test.each([
  [1, 1],
  [1, 5000],
  [5000, 1],
  [2, 3001],
  [16_384, 1],
])('%i × %i: shown, cut, saved in every format', async (width, height) => {
  const info = await photo.open(await ramp(width, height), 'thin.png', signal);
  expect(info).toMatchObject({ width, height, notices: [] });
  const { bitmap, toPhoto } = await photo.view(info.id, 1000, true, signal);
  expect(Math.max(bitmap.width, bitmap.height)).toBe(Math.min(1000, Math.max(width, height)));
  expect([bitmap.width * toPhoto.a, bitmap.height * toPhoto.d]).toEqual([
    expect.closeTo(width, 6),
    expect.closeTo(height, 6),
  ]);
  const toPhotoSquare = { a: 3, b: 0, c: 0, d: 3, tx: width / 2 - 12, ty: height / 2 - 12 };
  const toCrop = { a: 1 / 3, b: 0, c: 0, d: 1 / 3, tx: -toPhotoSquare.tx / 3, ty: -toPhotoSquare.ty / 3 };
  const [square] = await photo.cut(info.id, [{ sidePx: 8, toPhoto: toPhotoSquare, toCrop }], signal);
  expect(square!.data.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
  const before = await original(info);
  for (const format of ['png', 'jpeg', 'webp'] as const) {
    if (format === 'webp' && width > 16_383) continue;
    const { blob } = await photo.save(info.id, { ...options, format }, signal);
    const again = await photo.open(blob, 'again', signal);
    expect(again, format).toMatchObject({ width, height, format });
    if (format === 'png') expect((await original(again)).data).toEqual(before.data);
    await photo.close(again.id, signal);
  }
  await photo.close(info.id, signal);
});

test('WebP ends at 16383 px a side: a longer photo says so', async () => {
  const info = await photo.open(await ramp(16_384, 2), 'long.png', signal);
  await expect(photo.save(info.id, { ...options, format: 'webp' }, signal)).rejects.toMatchObject({
    code: 'photo-too-large',
    details: { widthPx: 16_384, limitSidePx: 16_383 },
  });
  await photo.close(info.id, signal);
});

test('a PNG saved twice tells its record once, and not when it was changed before', async () => {
  const earlier = [
    textChunk('Title', 'Summer'),
    textChunk('GeneratedBy', 'OpenTheEyes'),
    textChunk('StageTiming', 'old'),
    { type: 'tIME', data: Uint8Array.of(7, 0xe0, 1, 2, 3, 4, 5) },
  ];
  const info = await photo.open(await ramp(8, 8, earlier), 'twice.png', signal);
  const record = { StageTiming: 'new' };
  const { blob } = await photo.save(info.id, { ...options, format: 'png', record }, signal);
  const text = new TextDecoder('latin1').decode(await blob.arrayBuffer());
  expect(text).toContain('Title\0Summer');
  expect(text).toContain('StageTiming\0new');
  expect(text).not.toMatch(/StageTiming\0old|tIME/);
  expect(text.match(/GeneratedBy/g)).toHaveLength(1);
  await photo.close(info.id, signal);
});

test('a PNG that tells its place in a text chunk only says so, and loses it on request', async () => {
  const place = textChunk('exif:GPSLatitude', '52/1, 31/1, 12/1');
  const info = await photo.open(await ramp(8, 8, [place]), 'place.png', signal);
  expect(info.hasGps).toBe(true);
  for (const keepGps of [true, false]) {
    const { blob } = await photo.save(info.id, { ...options, format: 'png', keepGps }, signal);
    const again = await photo.open(blob, 'again.png', signal);
    expect(again.hasGps).toBe(keepGps);
    await photo.close(again.id, signal);
  }
  await photo.close(info.id, signal);
});

test('a face over the corner and one beside the photo: only what is there changes', async () => {
  const info = await photo.open(await ramp(60, 40), 'corner.png', signal);
  const before = await original(info);
  const sidePx = 16;
  const pixels = { width: sidePx, height: sidePx, data: new Uint8ClampedArray(sidePx ** 2 * 4).fill(200) };
  const alpha = { width: sidePx, height: sidePx, data: new Float32Array(sidePx ** 2).fill(1) };
  const at = (x: number, y: number) => ({
    sidePx,
    toPhoto: { a: 1, b: 0, c: 0, d: 1, tx: x, ty: y },
    toCrop: { a: 1, b: 0, c: 0, d: 1, tx: -x, ty: -y },
  });
  const corner = await photo.place(info.id, 0, at(-6, -5), wholeSquare(pixels, alpha), signal);
  expect(corner.area).toMatchObject({ x: 0, y: 0 });
  const outside = await photo.place(info.id, 1, at(500, 500), wholeSquare(pixels, alpha), signal);
  expect([outside.area.width, outside.area.height]).toEqual([0, 0]);
  const { blob } = await photo.save(info.id, { ...options, format: 'png' }, signal);
  const again = await photo.open(blob, 'again.png', signal);
  const after = await original(again);
  for (let i = 0; i < 60 * 40; i += 1) {
    const inside = i % 60 < 10 && Math.floor(i / 60) < 11;
    expect(after.data[i * 4]).toBe(inside ? 200 : before.data[i * 4]);
  }
  for (const { id } of [info, again]) await photo.close(id, signal);
});

test('of two faces that overlap either can be taken off, placed anew, and leaves no trace', async () => {
  const info = await photo.open(await ramp(60, 40), 'overlap.png', signal);
  const sidePx = 16;
  const square = (value: number) =>
    wholeSquare(
      { width: sidePx, height: sidePx, data: new Uint8ClampedArray(sidePx ** 2 * 4).fill(value) },
      { width: sidePx, height: sidePx, data: new Float32Array(sidePx ** 2).fill(0.75) },
    );
  const place = (face: number, at: number, value: number) => {
    const toPhoto = { a: 1, b: 0, c: 0, d: 1, tx: at, ty: at };
    const frame = { sidePx, toPhoto, toCrop: { ...toPhoto, tx: -at, ty: -at } };
    return photo.place(info.id, face, frame, square(value), signal);
  };
  const bytes = async () => {
    const { blob } = await photo.save(info.id, { ...options, format: 'png' }, signal);
    return [...new Uint8Array(await blob.arrayBuffer())].join();
  };
  const bare = await bytes();
  await place(0, 4, 30);
  const first = await bytes();
  await place(1, 10, 220);
  await place(1, 12, 240);
  expect(await bytes()).not.toBe(first);
  await photo.undo(info.id, 1, signal);
  expect(await bytes()).toBe(first);
  await photo.undo(info.id, 0, signal);
  expect(await bytes()).toBe(bare);
  await photo.close(info.id, signal);
});

test('two engines never give two photos one name: after a death none is taken for another', async () => {
  const file = await ramp(4, 4);
  const infos: PhotoInfo[] = [];
  for (const engine of [createPhotoEngine(), createPhotoEngine()])
    infos.push(await engine.open(file, 'x.png', signal));
  expect(infos[0]!.id).not.toBe(infos[1]!.id);
});

test('an opening that is cancelled at any moment leaves no photo behind', async () => {
  const file = await ramp(1500, 1500);
  for (const stage of [0.1, 0.8]) {
    const cancel = new AbortController();
    const engine = createPhotoEngine();
    const opening = engine.open(file, 'x.png', cancel.signal, (done) => {
      // As a message would: not before the engine lets it in.
      if (done === stage) setTimeout(() => cancel.abort());
    });
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
  }
});
