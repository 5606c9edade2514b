/** Squares and masks through the real worker. */
import { decode as decodePng } from 'fast-png';
import { afterAll, expect, test } from 'vitest';
import type { EyeMaskShape } from '../../src/core/crop';
import { type Affine, invert } from '../../src/core/geometry';
import type { CropFrame } from '../../src/core/photo';
import { plane, raster } from '../../src/core/raster';
import { wholeSquare } from '../fakes/squares';
import { engines, photo, signal } from './photoEngine';
import { NOT_HERE, sharedPhoto } from './sharedPhoto';

afterAll(() => engines.dispose());

function frameOf(sidePx: number, scale: number, angleRad: number, tx: number, ty: number): CropFrame {
  const a = scale * Math.cos(angleRad);
  const c = scale * Math.sin(angleRad);
  const toPhoto: Affine<'crop', 'photo'> = { a, b: -c, c, d: a, tx, ty };
  return { sidePx, toPhoto, toCrop: invert(toPhoto) };
}

test('squares come back as PNG files with the same values', async () => {
  const square = raster<'crop'>(33, 21);
  square.data.forEach((_, i) => {
    square.data[i] = i % 4 === 3 ? 255 : (i * 37) % 251;
  });
  const [file] = await photo.encode([square], signal);
  const png = decodePng(await file!.arrayBuffer());
  expect([png.width, png.height, png.channels]).toEqual([33, 21, 3]);
  expect([...png.data.slice(0, 6)]).toEqual([0, 37, 74, 148, 185, 222]);
});

test('masks are white on black and shapes of one entry are united', async () => {
  const eye = (x: number): EyeMaskShape<'crop'> => ({
    centre: { x, y: 32 },
    halfWidthPx: 8,
    halfHeightPx: 5,
    angleRad: 0,
    contour: [],
    dilatePx: 0,
    brow: [],
  });
  const [left, both] = await photo.masks(64, [[eye(16)], [eye(16), eye(48)]], signal);
  const at = (mask: typeof left, x: number) => [
    ...mask!.data.slice((32 * 64 + x) * 4, (32 * 64 + x) * 4 + 4),
  ];
  expect([at(left, 16), at(left, 48)]).toEqual([
    [255, 255, 255, 255],
    [0, 0, 0, 255],
  ]);
  expect([at(both, 16), at(both, 48)]).toEqual([
    [255, 255, 255, 255],
    [255, 255, 255, 255],
  ]);
});

test('one face cut at several sizes shows the same face', async ({ skip }) => {
  const file = await sharedPhoto('open_02_biden_7mp.jpg');
  if (!file) return skip(NOT_HERE);
  const info = await photo.open(file, file.name, signal);
  // The same 1024-px square of the photo, 128 to 1024 px wide.
  const sides = [128, 300, 512, 1024];
  const squares = await photo.cut(
    info.id,
    sides.map((side) => frameOf(side, 1024 / side, 0.2, 750, 150)),
    signal,
  );
  const means = squares.map(({ data }) => {
    const sums = [0, 0, 0];
    for (let i = 0; i < data.length; i += 4) for (let c = 0; c < 3; c += 1) sums[c]! += data[i + c]!;
    return sums.map((sum) => sum / (data.length / 4));
  });
  for (const mean of means) {
    mean.forEach((value, c) => {
      expect(Math.abs(value - means[3]![c]!)).toBeLessThan(0.6);
    });
  }
  await photo.close(info.id, signal);
});

test('outside the photo the edge is repeated', async ({ skip }) => {
  const file = await sharedPhoto('syn_displayp3_pure_colours.png');
  if (!file) return skip(NOT_HERE);
  const info = await photo.open(file, file.name, signal);
  const [square] = await photo.cut(info.id, [frameOf(32, 1, 0, -100, 50)], signal);
  expect(new Set(new Uint32Array(square!.data.buffer))).toEqual(new Set([0xff_00_00_ff]));
  await expect(
    photo.regions(
      info.id,
      [{ area: { x: 700, y: 0, width: 100, height: 9 }, widthPx: 9, heightPx: 9 }],
      signal,
    ),
  ).rejects.toMatchObject({ code: 'bad-request' });
  await photo.close(info.id, signal);
});

test('a placed square is seen in the squares that are cut after it, and only there', async () => {
  const canvas = new OffscreenCanvas(600, 400);
  const context = canvas.getContext('2d')!;
  context.fillStyle = 'rgb(40 90 140)';
  context.fillRect(0, 0, 600, 400);
  const info = await photo.open(await canvas.convertToBlob(), 'plain.png', signal);
  const placed = frameOf(64, 1.5, 0.3, 300, 150);
  const red = raster<'crop'>(64, 64);
  new Uint32Array(red.data.buffer).fill(0xff_00_00_c8);
  const alpha = plane<'0..1'>(64, 64);
  for (let y = 16; y < 48; y += 1) alpha.data.fill(1, y * 64 + 16, y * 64 + 48);
  await photo.place(info.id, 7, placed, wholeSquare(red, alpha), signal);

  const elsewhere = frameOf(100, 1, 0, -20, -20);
  const [same, beside] = await photo.cutPlaced(info.id, [placed, elsewhere], signal);
  const [original] = await photo.cut(info.id, [placed], signal);
  const at = (square: typeof same, x: number, y: number) => [
    ...square!.data.slice((y * square!.width + x) * 4, (y * square!.width + x) * 4 + 3),
  ];
  expect(at(same, 32, 32)).toEqual([200, 0, 0]);
  expect(at(same, 4, 60)).toEqual([40, 90, 140]);
  expect(at(beside, 3, 3)).toEqual([40, 90, 140]);
  expect(at(original, 32, 32)).toEqual([40, 90, 140]);
  await photo.close(info.id, signal);
});

test('a square of which only a part is wanted has that part, and nothing else', async ({ skip }) => {
  const file = await sharedPhoto('open_01_astronaut.png');
  if (!file) return skip(NOT_HERE);
  const info = await photo.open(file, file.name, signal);
  const frame = frameOf(200, 1.7, 0.2, 90, 20);
  const part = { x: 31, y: 47, width: 90, height: 61 };
  const [whole, some] = await photo.cut(info.id, [frame, { ...frame, part }], signal);
  const expected = raster<'crop'>(200, 200);
  for (let y = 47; y < 108; y += 1) {
    const row = (200 * y + 31) * 4;
    expected.data.set(whole!.data.subarray(row, row + 90 * 4), row);
  }
  const off = some!.data.map((value, i) => Math.abs(value - expected.data[i]!));
  expect(off.every((by) => by <= 1)).toBe(true);
  await photo.close(info.id, signal);
});
