/** Saving, reopening, undoing: what stays the same to the bit and what becomes true again. */
import { decode as decodePng } from 'fast-png';
import { afterAll, expect, test } from 'vitest';
import type { Blended } from '../../src/core/generation';
import type { CropFrame, PhotoInfo, SaveFormat, SaveOptions } from '../../src/core/photo';
import { plane, raster } from '../../src/core/raster';
import { MIB_BYTES } from '../../src/core/units';
import { opencvResize } from '../../src/pixels/opencvResize';
import { Album } from '../../workers/photo/album';
import { createPhotoEngine } from '../../workers/photo/engine';
import { jpegWithMetadata } from '../../workers/photo/formats/jpegWriter';
import { writePng } from '../../workers/photo/formats/pngWriter';
import { webpWithMetadata } from '../../workers/photo/formats/webpWriter';
import { wholeSquare } from '../fakes/squares';
import { buildTiff, CAMERA } from '../fakes/tiff';
import golden from '../golden/photos.json';
import { digest, engines, original, photo, signal } from './photoEngine';
import { NOT_HERE, sharedPhoto } from './sharedPhoto';

afterAll(() => engines.dispose());

const options = (format: SaveFormat, more: Partial<SaveOptions> = {}): SaveOptions => ({
  format,
  quality: 0,
  keepGps: true,
  enlarge: 1,
  parts: 'captured',
  record: {},
  ...more,
});

/** A red square of 64 px, whole in the middle, fading outwards, turned a little. */
function redFace(info: PhotoInfo): { frame: CropFrame; square: Blended; sidePx: number } {
  const sidePx = 64;
  const scale = 0.9;
  const a = scale * Math.cos(0.2);
  const c = scale * Math.sin(0.2);
  const toPhoto = { a, b: -c, c, d: a, tx: info.width / 2, ty: info.height / 3 };
  const det = a * a + c * c;
  const toCrop = {
    a: a / det,
    b: c / det,
    c: -c / det,
    d: a / det,
    tx: -(a * toPhoto.tx + c * toPhoto.ty) / det,
    ty: -(-c * toPhoto.tx + a * toPhoto.ty) / det,
  };
  const pixels = raster<'crop'>(sidePx, sidePx);
  new Uint32Array(pixels.data.buffer).fill(0xff_00_00_ff);
  const alpha = plane<'0..1'>(sidePx, sidePx);
  for (let i = 0; i < alpha.data.length; i += 1) {
    const reach = Math.hypot((i % sidePx) - 32, Math.floor(i / sidePx) - 32);
    alpha.data[i] = Math.min(1, Math.max(0, (28 - reach) / 10));
  }
  return { frame: { sidePx, toCrop, toPhoto }, square: wholeSquare(pixels, alpha), sidePx };
}

async function rawPng(blob: Blob) {
  const png = decodePng(await blob.arrayBuffer());
  const rgba = new Uint8ClampedArray(png.width * png.height * 4).fill(255);
  for (let i = 0; i < png.width * png.height; i += 1) {
    for (let c = 0; c < png.channels; c += 1) rgba[i * 4 + c] = png.data[i * png.channels + c]!;
  }
  return { png, rgba };
}

const exactPng = [
  'syn_alpha_gradient_closed.png',
  'syn_displayp3_pure_colours.png',
  'syn_displayp3_wink.jpg',
  'syn_exif6_wink.jpg',
  'syn_palette_closed.png',
  'fmt_19_1x1.png',
  'syn_closed.webp',
];

test.for(exactPng)('%s saved as PNG: every value, alpha and profile as decoded', async (name, { skip }) => {
  const file = await sharedPhoto(name);
  if (!file) return skip(NOT_HERE);
  const info = await photo.open(file, name, signal);
  const { blob } = await photo.save(info.id, options('png'), signal);
  const { png, rgba } = await rawPng(blob);
  expect(await digest(rgba)).toBe(golden.find((entry) => entry.name === name)!.raw);
  expect(png.iccEmbeddedProfile !== undefined).toBe(info.colourProfile !== null);
  const again = await photo.open(blob, 'again.png', signal);
  expect([again.width, again.height, again.colourProfile, again.hasAlpha]).toEqual([
    info.width,
    info.height,
    info.colourProfile,
    info.hasAlpha,
  ]);
  await photo.close(info.id, signal);
  await photo.close(again.id, signal);
});

test('a placed face changes its area only, undo gives the exact bytes back', async ({ skip }) => {
  const file = await sharedPhoto('syn_alpha_gradient_closed.png');
  if (!file) return skip(NOT_HERE);
  const info = await photo.open(file, file.name, signal);
  const before = (await rawPng((await photo.save(info.id, options('png'), signal)).blob)).rgba;
  const { frame, square } = redFace(info);
  const { area } = await photo.place(info.id, 0, frame, square, signal);
  const after = (await rawPng((await photo.save(info.id, options('png'), signal)).blob)).rgba;
  let changed = 0;
  let outside = 0;
  for (let i = 0; i < before.length; i += 4) {
    const same = [0, 1, 2, 3].every((c) => before[i + c] === after[i + c]);
    if (same) continue;
    changed += 1;
    const x = (i / 4) % info.width;
    const y = Math.floor(i / 4 / info.width);
    const inside = x >= area.x && y >= area.y && x < area.x + area.width && y < area.y + area.height;
    if (!inside || before[i + 3] !== after[i + 3]) outside += 1;
  }
  expect(outside).toBe(0);
  // π · 28² px of the square at scale 0.9.
  expect(changed).toBeGreaterThan(1500);
  expect(changed).toBeLessThan(2200);
  // Detectors still see the original.
  expect(await digest((await original(info)).data)).toBe(
    golden.find((entry) => entry.name === file.name)!.visible,
  );
  await photo.undo(info.id, 0, signal);
  const undone = (await rawPng((await photo.save(info.id, options('png'), signal)).blob)).rgba;
  expect(await digest(undone)).toBe(await digest(before));
  await photo.close(info.id, signal);
});

test('a photo saved enlarged is larger, says so, and has its faces', async ({ skip }) => {
  const file = await sharedPhoto('syn_exif6_wink.jpg');
  if (!file) return skip(NOT_HERE);
  const info = await photo.open(file, file.name, signal);
  const { frame, square } = redFace(info);
  await photo.place(info.id, 0, frame, square, signal);
  const plain = (await rawPng((await photo.save(info.id, options('png'), signal)).blob)).rgba;
  const { png, rgba } = await rawPng(
    (await photo.save(info.id, options('png', { enlarge: 2 }), signal)).blob,
  );
  expect([png.width, png.height]).toEqual([2 * info.width, 2 * info.height]);
  const wanted = opencvResize(
    raster<'photo'>(info.width, info.height, plain),
    png.width,
    png.height,
    'linear',
  );
  expect(await digest(rgba)).toBe(await digest(wanted.data));
  const jpeg = await photo.save(info.id, options('jpeg', { enlarge: 2 }), signal);
  const again = await photo.open(jpeg.blob, 'again.jpg', signal);
  expect([again.width, again.height]).toEqual([png.width, png.height]);
  await expect(photo.save(info.id, options('png', { enlarge: 1000 }), signal)).rejects.toMatchObject({
    code: 'photo-too-large',
  });
  await photo.close(info.id, signal);
  await photo.close(again.id, signal);
});

test('the view shows placed faces where they are, or the original', async ({ skip }) => {
  const file = await sharedPhoto('open_02_biden_7mp.jpg');
  if (!file) return skip(NOT_HERE);
  const info = await photo.open(file, file.name, signal);
  const { frame, square } = redFace(info);
  const far: CropFrame = {
    ...frame,
    toPhoto: { ...frame.toPhoto, a: 8, b: 0, c: 0, d: 8, tx: 400, ty: 640 },
    toCrop: { a: 1 / 8, b: 0, c: 0, d: 1 / 8, tx: -50, ty: -80 },
  };
  await photo.place(info.id, 3, far, square, signal);
  const shown = await photo.view(info.id, 1000, true, signal);
  expect([shown.bitmap.width, shown.bitmap.height]).toEqual([800, 1000]);
  const context = new OffscreenCanvas(800, 1000).getContext('2d')!;
  // The square's middle, taken to the photo and from there to the view.
  const x = (400 + 8 * 32) / shown.toPhoto.a;
  const y = (640 + 8 * 32) / shown.toPhoto.d;
  context.drawImage(shown.bitmap, 0, 0);
  expect([...context.getImageData(x, y, 1, 1).data]).toEqual([255, 0, 0, 255]);
  const { bitmap } = await photo.view(info.id, 1000, false, signal);
  context.drawImage(bitmap, 0, 0);
  expect([...context.getImageData(x, y, 1, 1).data]).not.toEqual([255, 0, 0, 255]);
  await photo.close(info.id, signal);
});

test('wide colours survive the view and every format', async ({ skip }) => {
  const name = 'syn_displayp3_pure_colours.png';
  const file = await sharedPhoto(name);
  if (!file) return skip(NOT_HERE);
  const info = await photo.open(file, name, signal);
  const { bitmap } = await photo.view(info.id, 768, true, signal);
  const seen = async (source: ImageBitmap) => {
    const context = new OffscreenCanvas(768, 256).getContext('2d', { colorSpace: 'display-p3' })!;
    context.drawImage(source, 0, 0);
    return [100, 350].map((x) => [...context.getImageData(x, 100, 1, 1).data]);
  };
  expect(await seen(bitmap)).toEqual([
    [255, 0, 0, 255],
    [0, 255, 0, 255],
  ]);
  for (const format of ['png', 'jpeg', 'webp'] as const) {
    const { blob } = await photo.save(info.id, options(format, { quality: 1 }), signal);
    const colours = await seen(await createImageBitmap(blob));
    [
      [255, 0, 0],
      [0, 255, 0],
    ].forEach((wanted, i) => {
      wanted.forEach((value, c) => {
        expect(Math.abs(colours[i]![c]! - value), `${format} ${colours[i]}`).toBeLessThanOrEqual(4);
      });
    });
  }
  await photo.close(info.id, signal);
});

test.for(['jpeg', 'webp', 'png'] as const)(
  '%s: upright, EXIF true again, source type told',
  async (format, { skip }) => {
    const file = await sharedPhoto('syn_exif8_wink.jpg');
    if (!file) return skip(NOT_HERE);
    const info = await photo.open(file, file.name, signal);
    const { frame, square } = redFace(info);
    await photo.place(info.id, 0, frame, square, signal);
    const record = {
      ProcessingConfig: '{"prompt":"ouvre les yeux — s’il te plaît"}',
      StageTiming: '{"detect":12}',
    };
    const { blob, name } = await photo.save(info.id, options(format, { record }), signal);
    expect(name).toBe(`syn_exif8_wink_eyes-open.${format === 'jpeg' ? 'jpg' : format}`);
    const again = await photo.open(blob, name, signal);
    expect([again.width, again.height, again.format]).toEqual([512, 640, format]);
    const text = new TextDecoder().decode(await blob.arrayBuffer());
    expect(text).toContain('digitalsourcetype/compositeCapture');
    if (format === 'png') {
      expect(text).toContain('ProcessingConfig');
      expect(text).toContain('ouvre les yeux — s’il te plaît');
      expect(text).toContain('GeneratedBy\0OpenTheEyes');
    }
    if (format === 'jpeg') expect(again.jpegQuality).toBe(info.jpegQuality);
    await photo.close(info.id, signal);
    await photo.close(again.id, signal);
  },
);

test.for(['jpeg', 'webp', 'png'] as const)(
  '%s: a part that a network made is told, and stays told when real eyes come over it',
  async (format, { skip }) => {
    const file = await sharedPhoto('syn_exif8_wink.jpg');
    if (!file) return skip(NOT_HERE);
    const saved = async (source: Blob, more: Partial<SaveOptions>) => {
      const info = await photo.open(source, file.name, signal);
      const { frame, square } = redFace(info);
      await photo.place(info.id, 0, frame, square, signal);
      const { blob } = await photo.save(info.id, options(format, more), signal);
      await photo.close(info.id, signal);
      return blob;
    };
    const generated = await saved(file, { parts: 'generated' });
    for (const blob of [generated, await saved(generated, { parts: 'captured' })]) {
      const text = await blob.text();
      expect(text).toContain('digitalsourcetype/compositeWithTrainedAlgorithmicMedia');
      expect(text).not.toContain('compositeCapture');
    }
  },
);

/** 60 × 40 as stored, teal in the left third, with a camera's EXIF block: orientation 6, upright it is teal on top. */
async function cameraPicture(format: SaveFormat): Promise<Blob> {
  const canvas = new OffscreenCanvas(60, 40);
  const context = canvas.getContext('2d')!;
  context.fillStyle = 'white';
  context.fillRect(0, 0, 60, 40);
  context.fillStyle = 'teal';
  context.fillRect(0, 0, 20, 40);
  const exif = buildTiff(CAMERA);
  if (format === 'png') {
    const rows = (y: number, count: number) =>
      new Uint8ClampedArray(context.getImageData(0, y, 60, count).data);
    return writePng({ width: 60, height: 40, hasAlpha: false, rows }, [{ type: 'eXIf', data: exif }]);
  }
  const encoded = await canvas.convertToBlob({ type: `image/${format}`, quality: 1 });
  const bytes = new Uint8Array(await encoded.arrayBuffer());
  const metadata = { exif, profile: null, xmp: '<x/>', shortXmp: '<x/>', extra: [] };
  const size = { width: 60, height: 40 };
  return new Blob([
    format === 'jpeg' ? jpegWithMetadata(bytes, metadata, false) : webpWithMetadata(bytes, metadata, size),
  ]);
}

test.for(['jpeg', 'webp', 'png'] as const)('%s is turned by its EXIF tag, once', async (format) => {
  const info = await photo.open(await cameraPicture(format), 'camera', signal);
  expect(info).toMatchObject({ format, width: 40, height: 60 });
  const { data } = await original(info);
  const red = (x: number, y: number) => data[(y * 40 + x) * 4]!;
  for (const x of [2, 20, 37]) {
    expect(red(x, 4), 'teal on top').toBeLessThan(20);
    expect(red(x, 50), 'white below').toBeGreaterThan(235);
  }
  await photo.close(info.id, signal);
});

test.for(['jpeg', 'webp', 'png'] as const)(
  '%s: the position is kept or dropped, the rest stays',
  async (format) => {
    const info = await photo.open(await cameraPicture('jpeg'), 'camera.jpg', signal);
    expect(info).toMatchObject({
      width: 40,
      height: 60,
      hasGps: true,
      takenAt: '2024-05-17T18:03:59.47+02:00',
    });
    for (const keepGps of [true, false]) {
      const { blob } = await photo.save(info.id, options(format, { keepGps }), signal);
      const again = await photo.open(blob, 'again', signal);
      expect(again).toMatchObject({ width: 40, height: 60, hasGps: keepGps, takenAt: info.takenAt });
      const text = new TextDecoder('latin1').decode(await blob.arrayBuffer());
      expect(text).toContain('MAKERNOTE');
      await photo.close(again.id, signal);
    }
    await photo.close(info.id, signal);
  },
);

test('colours told by code points become Display P3 with its profile', async ({ skip }) => {
  const file = await sharedPhoto('fmt_09_avif_10bit_hdr_p3_tiny_people.avif');
  if (!file) return skip(NOT_HERE);
  const info = await photo.open(file, file.name, signal);
  expect(info.colourProfile).toMatch(/P3/);
  await photo.close(info.id, signal);
});

test('JPEG lays transparency on white, WebP keeps it', async ({ skip }) => {
  const file = await sharedPhoto('syn_alpha_gradient_closed.png');
  if (!file) return skip(NOT_HERE);
  const info = await photo.open(file, file.name, signal);
  const before = await original(info);
  const clear = before.data.findIndex((value, i) => i % 4 === 3 && value < 8);
  const jpeg = await photo.open((await photo.save(info.id, options('jpeg'), signal)).blob, 'j', signal);
  const onWhite = await original(jpeg);
  for (const c of [3, 2, 1]) expect(onWhite.data[clear - c]).toBeGreaterThan(235);
  const webp = await photo.open((await photo.save(info.id, options('webp'), signal)).blob, 'w', signal);
  expect(webp.hasAlpha).toBe(true);
  const kept = await original(webp);
  let apart = 0;
  for (let i = 3; i < kept.data.length; i += 4)
    apart = Math.max(apart, Math.abs(kept.data[i]! - before.data[i]!));
  expect(apart).toBeLessThanOrEqual(8);
  for (const { id } of [info, jpeg, webp]) await photo.close(id, signal);
});

test('99.6 MP open, show and keep their size', async ({ skip }) => {
  const file = await sharedPhoto('fmt_16_9643x10328_99mp.jpg');
  if (!file) return skip(NOT_HERE);
  const info = await photo.open(file, file.name, signal);
  expect([info.width, info.height]).toEqual([9643, 10_328]);
  const { bitmap, toPhoto } = await photo.view(info.id, 1280, true, signal);
  expect(bitmap.height).toBe(1280);
  expect(toPhoto.d * 1280).toBeCloseTo(10_328, 9);
  await photo.close(info.id, signal);
}, 60_000);

test('JPEG and WebP saved again stay close to the photo', async ({ skip }) => {
  const file = await sharedPhoto('closed_05_looking_down.jpg');
  if (!file) return skip(NOT_HERE);
  const info = await photo.open(file, file.name, signal);
  const first = await original(info);
  for (const format of ['jpeg', 'webp'] as const) {
    const again = await photo.open((await photo.save(info.id, options(format), signal)).blob, 'x', signal);
    const second = await original(again);
    let squares = 0;
    first.data.forEach((value, i) => {
      squares += (value - second.data[i]!) ** 2;
    });
    const psnr = 10 * Math.log10((255 ** 2 * first.data.length) / squares);
    expect(psnr, format).toBeGreaterThan(38);
    await photo.close(again.id, signal);
  }
  await photo.close(info.id, signal);
});

test('XMP of another program is kept, its turning and thumbnails are not', async ({ skip }) => {
  const file = await sharedPhoto('fmt_01_cmyk_face.jpg');
  if (!file) return skip(NOT_HERE);
  const info = await photo.open(file, file.name, signal);
  expect(info.takenAt).toBe('2015-01-21T14:22:30.28');
  const { frame, square } = redFace(info);
  await photo.place(info.id, 0, frame, square, signal);
  const text = new TextDecoder('latin1').decode(
    await (await photo.save(info.id, options('jpeg'), signal)).blob.arrayBuffer(),
  );
  expect(text).toContain('xmp:CreateDate');
  expect(text).not.toContain('tiff:Orientation');
  expect(text.match(/DigitalSourceType/g)).toHaveLength(1);
  await photo.close(info.id, signal);
});

test('pixels that had to make room come back as they were, placed faces stay', async ({ skip }) => {
  const file = await sharedPhoto('open_02_biden_7mp.jpg');
  if (!file) return skip(NOT_HERE);
  // 7.2 MP decode to 38 MB: two of them fit.
  const album = new Album(80 * MIB_BYTES);
  const engine = createPhotoEngine(album);
  const infos: PhotoInfo[] = [];
  for (const name of ['a', 'b', 'c']) infos.push(await engine.open(file, name, signal));
  expect(album.decoded).toEqual([infos[1]!.id, infos[2]!.id]);
  const first = infos[0]!;
  const { frame, square } = redFace(first);
  const { area } = await engine.place(first.id, 0, frame, square, signal);
  const request = { area, widthPx: area.width, heightPx: area.height };
  const [beneath] = await engine.regions(first.id, [request], signal);
  const [same] = await engine.regions(infos[2]!.id, [request], signal);
  expect(beneath!.data).toEqual(same!.data);
  expect(album.decoded).toEqual([first.id, infos[2]!.id]);
  expect(album.photo(first.id).patches.size).toBe(1);
});

test('a cancelled save rejects with an AbortError and the photo is still there', async ({ skip }) => {
  const file = await sharedPhoto('open_02_biden_7mp.jpg');
  if (!file) return skip(NOT_HERE);
  const info = await photo.open(file, file.name, signal);
  const controller = new AbortController();
  const saving = photo.save(info.id, options('png'), controller.signal);
  setTimeout(() => controller.abort(), 150);
  await expect(saving).rejects.toMatchObject({ name: 'AbortError' });
  expect((await photo.view(info.id, 300, true, signal)).bitmap.height).toBe(300);
  await photo.close(info.id, signal);
});
