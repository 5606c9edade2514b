/** The overlay of measures: drawn where the eyes are, in step with the camera, and saved as it is seen. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '../../src/core/errors';
import type { Face, Side } from '../../src/core/face';
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

type Box = readonly [left: number, top: number, right: number, bottom: number];

function boundsOf(xs: readonly number[], ys: readonly number[]): Box {
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Where an eye's ring is to be, px of the overlay: the face's own button says where its box lies. */
function ringBox(face: Face, side: Side): Box {
  const marker = button(new RegExp(`^Face ${face.index + 1}:`))
    .first()
    .element()
    .getBoundingClientRect();
  const stage = overlay()!.getBoundingClientRect();
  const scale = (marker.width / face.box.width) * devicePixelRatio;
  const { contour } = face.eyes[side];
  return boundsOf(
    contour.map(({ x }) => (marker.left - stage.left) * devicePixelRatio + (x - face.box.x) * scale),
    contour.map(({ y }) => (marker.top - stage.top) * devicePixelRatio + (y - face.box.y) * scale),
  );
}

/** Where the faint fill of open eyes is, px of the overlay; null: nowhere. */
function fillBox(): Box | null {
  const { width } = overlay()!;
  const pixels = pixelsOf(overlay()!);
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = 0; i < pixels.length; i += 4) {
    if (![...OPEN, 64].every((value, at) => Math.abs(pixels[i + at]! - value) <= 4)) continue;
    xs.push((i / 4) % width);
    ys.push(Math.floor(i / 4 / width));
  }
  return xs.length ? boundsOf(xs, ys) : null;
}

/** The fill reaches to the ring's line, which takes up to five pixels, more where the corner is acute. */
function expectFilled(face: Face, side: Side): void {
  const [left, top, right, bottom] = ringBox(face, side);
  const fill = fillBox();
  expect(fill).not.toBeNull();
  const gaps = [fill![0] - left, fill![1] - top, right - fill![2], bottom - fill![3]];
  for (const gap of gaps) {
    expect(gap).toBeGreaterThanOrEqual(0);
    expect(gap).toBeLessThan(9);
  }
}

test('the overlay comes and goes with its button', async () => {
  await lookAt([winking]);
  await expect.element(measures).toHaveAttribute('aria-pressed', 'false');
  expect(overlay()).toBeNull();
  await measures.click();
  await expect.element(measures).toHaveAttribute('aria-pressed', 'true');
  expectFilled(winking, 'left');
  await measures.click();
  await expect.poll(overlay).toBeNull();
  await expect.element(save).not.toBeInTheDocument();
});

test('each eye has the colour of its verdict', async () => {
  await lookAt([winking]);
  await measures.click();
  await expect.poll(fillBox).not.toBeNull();
  // A closed eye's ring is thinner than its own line.
  const [left, top, right, bottom] = ringBox(winking, 'right');
  const x = Math.round(left + 0.8 * (right - left));
  const [red, , blue] = pixelsOf(overlay()!, x, Math.round((top + bottom) / 2), 1, 1);
  expect(red! - blue!).toBeGreaterThan(0.5 * (CLOSED[0]! - CLOSED[2]!));
});

test('it follows the camera', async () => {
  await lookAt([winking]);
  await measures.click();
  await expect.poll(fillBox).not.toBeNull();
  const before = fillBox()!;
  await button('Zoom in').click();
  await button('Zoom in').click();
  await expect.poll(() => fillBox()![2] - fillBox()![0]).toBeGreaterThan(2 * (before[2] - before[0]));
  expectFilled(winking, 'left');
  const zoomed = fillBox()!;
  (page.getByRole('application').element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowLeft}');
  await expect.poll(() => fillBox()![0]).toBeGreaterThan(zoomed[0] + 30);
  expectFilled(winking, 'left');
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
