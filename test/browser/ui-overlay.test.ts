/** The overlay of measures: drawn where the eyes are, in step with the camera, and saved as it is seen. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '../../src/core/errors';
import type { Face, Side } from '../../src/core/face';
import { midpoint } from '../../src/core/geometry';
import { asleep, dropFiles, type Scene, type Shown, showApp, winking } from './uiApp';

const WIDTH = 800;
const HEIGHT = 600;
/** The theme's colours of the states on photos. */
const OPEN = [0x74, 0xd0, 0xb9];
const CLOSED = [0xff, 0x9c, 0x70];

let shown: Shown;
let saved: { readonly name: string; readonly blob: Blob }[] = [];

beforeEach(async () => {
  await page.viewport(1200, 800);
  saved = [];
  let latest: Blob;
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    latest = blob as Blob;
    return 'blob:test';
  });
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, blob: latest });
  });
});
afterEach(() => {
  shown.remove();
  vi.restoreAllMocks();
});

const button = (name: string | RegExp) => page.getByRole('button', { name });
const measures = page.getByRole('button', { name: 'Measures', exact: true });
const save = button('Save this picture with measures');

/** No two neighbouring pixels are alike, so nothing can be shifted unseen. */
function plainPhoto(): ImageData {
  const picture = new ImageData(WIDTH, HEIGHT);
  for (let i = 0; i < WIDTH * HEIGHT; i += 1) {
    picture.data.set([(i * 7) % 256, Math.floor(i / WIDTH) % 256, (i * 13) % 251, 255], i * 4);
  }
  return picture;
}

/** A page whose photo has pixels, with its faces found. */
async function lookAt(faces: readonly Face[], scene: Scene = {}): Promise<void> {
  shown = showApp({ faces: { 'party.final.jpg': faces }, ...scene });
  vi.spyOn(shown.engines.photo, 'view').mockImplementation(async () => ({
    bitmap: await createImageBitmap(plainPhoto()),
    toPhoto: { a: 1, b: 0, c: 0, d: 1, tx: 0, ty: 0 },
  }));
  dropFiles('party.final.jpg');
  await expect.element(measures).toBeVisible();
}

const overlay = () => document.querySelector<HTMLCanvasElement>('canvas.measures');

function pixelsOf(canvas: HTMLCanvasElement, x = 0, y = 0, width = canvas.width, height = canvas.height) {
  return canvas.getContext('2d')!.getImageData(x, y, width, height).data;
}

/** The overlay's pixel over a place in the eye between iris and corner; the face's button says where that is. */
function pixelInEye(face: Face, side: Side): readonly number[] {
  const marker = button(new RegExp(`^Face ${face.index + 1}:`))
    .first()
    .element()
    .getBoundingClientRect();
  const stage = overlay()!.getBoundingClientRect();
  const { corners } = face.eyes[side];
  const centre = midpoint(...corners);
  const place = { x: centre.x + 0.6 * (corners[1].x - centre.x), y: centre.y };
  const x = marker.left - stage.left + ((place.x - face.box.x) / face.box.width) * marker.width;
  const y = marker.top - stage.top + ((place.y - face.box.y) / face.box.height) * marker.height;
  return [...pixelsOf(overlay()!, Math.round(x * devicePixelRatio), Math.round(y * devicePixelRatio), 1, 1)];
}

/** Width of the open eye's faint fill, pixels of the overlay. */
function fillWidth(): number {
  const { width } = overlay()!;
  const pixels = pixelsOf(overlay()!);
  const columns: number[] = [];
  for (let i = 0; i < pixels.length; i += 4) {
    const colour = [...OPEN, 64];
    if (colour.every((value, at) => Math.abs(pixels[i + at]! - value) <= 4)) columns.push((i / 4) % width);
  }
  return columns.length ? Math.max(...columns) - Math.min(...columns) : 0;
}

test('the overlay comes and goes with its button, and colours each eye by its verdict', async () => {
  await lookAt([winking]);
  await expect.element(measures).toHaveAttribute('aria-pressed', 'false');
  expect(overlay()).toBeNull();
  await measures.click();
  await expect.element(measures).toHaveAttribute('aria-pressed', 'true');
  const [red, green, blue, alpha] = pixelInEye(winking, 'left');
  expect(alpha).toBeGreaterThan(40);
  expect(alpha).toBeLessThan(90);
  [red, green, blue].forEach((value, i) => {
    expect(Math.abs(value! - OPEN[i]!)).toBeLessThan(8);
  });
  // The closed eye's ring is thinner than its own line.
  const [r, , b] = pixelInEye(winking, 'right');
  expect(r! - b!).toBeGreaterThan(0.5 * (CLOSED[0]! - CLOSED[2]!));

  await measures.click();
  await expect.poll(overlay).toBeNull();
  await expect.element(save).not.toBeInTheDocument();
});

test('it follows the camera', async () => {
  await lookAt([winking]);
  await measures.click();
  await button('Zoom in').click();
  await expect.poll(fillWidth).toBeGreaterThan(20);
  const before = fillWidth();
  await button('Zoom in').click();
  await expect.poll(() => fillWidth() / before).toBeGreaterThan(1.4);
  expect(fillWidth() / before).toBeLessThan(1.6);
  expect(pixelInEye(winking, 'left')[3]).toBeGreaterThan(40);
  (page.getByRole('application').element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowRight}{ArrowDown}');
  expect(pixelInEye(winking, 'left')[3]).toBeGreaterThan(40);
});

test('it is reached from the keyboard, and a marker under it still chooses its face', async () => {
  await lookAt([winking, asleep]);
  (measures.element() as HTMLElement).focus();
  await userEvent.keyboard(' ');
  await expect.element(measures).toHaveAttribute('aria-pressed', 'true');
  await userEvent.keyboard('{Tab}');
  await expect.element(save).toHaveFocus();
  await button('Face 2: eyes closed').first().click();
  await expect.element(button('Face 2: eyes closed').first()).toHaveAttribute('aria-pressed', 'true');
});

test('with opened eyes it lies over the photo as it was', async () => {
  await lookAt([winking]);
  await button('Open the eyes').click();
  const divider = page.getByRole('slider', { name: 'Before and after' });
  await expect.element(divider).toBeVisible();
  await measures.click();
  await expect.element(divider).not.toBeInTheDocument();
  expect(document.querySelectorAll('.layer')).toHaveLength(1);
  await expect.element(page.getByText('Before', { exact: true })).toBeVisible();
  await measures.click();
  await expect.element(divider).toBeVisible();
  expect(document.querySelectorAll('.layer')).toHaveLength(2);
});

test('the saved picture is the photo but for boxes, tabs and plates', async () => {
  await lookAt([winking, asleep]);
  await measures.click();
  await save.click();
  await expect.element(page.getByText('Saved as party.final_measures.png.')).toBeVisible();
  expect(saved.map(({ name }) => name)).toEqual(['party.final_measures.png']);
  expect(saved[0]!.blob.type).toBe('image/png');
  expect(vi.mocked(shown.engines.photo.view).mock.lastCall?.slice(1, 3)).toEqual([4096, false]);

  const bitmap = await createImageBitmap(saved[0]!.blob);
  expect([bitmap.width, bitmap.height]).toEqual([WIDTH, HEIGHT]);
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: WIDTH, height: HEIGHT });
  canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
  const after = pixelsOf(canvas);
  const before = plainPhoto().data;
  const differs = (i: number) => [0, 1, 2, 3].some((at) => before[i * 4 + at] !== after[i * 4 + at]);
  /** Differing pixels of a rectangle; `strayed` counts those in no face's surroundings: tab above, plate below. */
  const inside = (x: number, y: number, width: number, height: number) => {
    let count = 0;
    for (let row = Math.round(y); row < y + height; row += 1)
      for (let column = Math.round(x); column < x + width; column += 1)
        if (differs(row * WIDTH + column)) count += 1;
    return count;
  };
  let strayed = 0;
  for (let i = 0; i < WIDTH * HEIGHT; i += 1) {
    const x = i % WIDTH;
    const y = Math.floor(i / WIDTH);
    const near = [winking, asleep].some(
      ({ box }) =>
        x >= box.x - 25 && x < box.x + box.width + 25 && y >= box.y - 20 && y < box.y + box.height + 70,
    );
    if (!near && differs(i)) strayed += 1;
  }
  expect(strayed).toBe(0);
  for (const { box, eyes } of [winking, asleep]) {
    const [from, to] = eyes.left.corners;
    expect(inside(from.x, from.y - 2, to.x - from.x, 4)).toBeGreaterThan(3 * (to.x - from.x));
    const plate = inside(box.x, box.y + box.height + 10, box.width, 30);
    expect(plate).toBeGreaterThan(0.95 * box.width * 30);
    // Cheeks and chin stay seen.
    expect(inside(box.x, box.y, box.width, box.height)).toBeLessThan(0.4 * box.width * box.height);
  }
});

test('what goes wrong is said, and the button works again', async () => {
  await lookAt([winking]);
  await measures.click();
  vi.mocked(shown.engines.photo.view).mockRejectedValueOnce(new AppError('internal', 'fake'));
  await save.click();
  await expect.element(page.getByText(/party.final.jpg: Something went wrong/)).toBeVisible();
  expect(saved).toEqual([]);
  await save.click();
  await expect.poll(() => saved.length).toBe(1);
});
