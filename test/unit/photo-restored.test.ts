/** A restored face brought to the photo by the photo's own engine: what it may change, and what has to stay. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { invert, rect } from '../../src/core/geometry';
import type { CropFrame } from '../../src/core/photo';
import { CHANNELS, type Plane, plane, type Raster, raster } from '../../src/core/raster';
import type { RestoreExtent } from '../../src/core/restoration';
import { measureGrain } from '../../src/pixels/grain';
import { gaussian } from '../../src/pixels/random';
import { flatten } from '../../workers/photo/patch';
import { blurred } from '../fakes/blurredSquare';
import { type OpenedPicture, openPicture } from '../fakes/photoWorker';
import { wholeSquare } from '../fakes/squares';

const SIDE_PX = 512;
const FACE = 3;
const { signal } = new AbortController();

interface Lies {
  /** Of the square in the photo, px. */
  readonly sidePx: number;
  readonly turnRad?: number;
  /** Its middle. */
  readonly x: number;
  readonly y: number;
}

function frameOf({ sidePx, turnRad = 0, x, y }: Lies): CropFrame {
  const a = (sidePx / SIDE_PX) * Math.cos(turnRad);
  const c = (sidePx / SIDE_PX) * Math.sin(turnRad);
  const half = SIDE_PX / 2;
  const toPhoto = { a, b: -c, c, d: a, tx: x - half * (a - c), ty: y - half * (a + c) };
  return {
    sidePx: SIDE_PX,
    toPhoto,
    toCrop: invert(toPhoto),
    reference: { red: 132, green: 133, blue: 135 },
  };
}

/** Opaque. @param code of a channel of a pixel, 0..255 */
function drawn(width: number, height: number, code: (x: number, y: number, c: number, i: number) => number) {
  const picture = raster<'photo'>(width, height);
  for (let i = 0; i < picture.data.length; i += 1) {
    const pixel = Math.floor(i / CHANNELS);
    const c = i % CHANNELS;
    picture.data[i] = c === 3 ? 255 : code(pixel % width, Math.floor(pixel / width), c, pixel);
  }
  return picture;
}

/** Soft hills of colour: nothing in them is lost in a square of 512 px. */
const hills = (x: number, y: number, c: number) =>
  120 + 50 * Math.sin(x / 37 + c) + 40 * Math.cos(y / 43 - 2 * c);

const shownOf = ({ photo }: OpenedPicture, picture: Raster<'photo'>) =>
  flatten(picture, photo.patches.values(), rect(0, 0, picture.width, picture.height));

interface Asked {
  readonly extent?: RestoreExtent;
  readonly parsed?: Plane<'0..1'>;
  readonly grainMatch?: boolean;
}

/** What the restorer makes of the square, fitted and placed. @returns the photo before and after, null: nothing was laid */
async function restore(
  opened: OpenedPicture,
  picture: Raster<'photo'>,
  frame: CropFrame,
  restorer: (seen: Raster<'crop'>) => Raster<'crop'>,
  { extent = 'face', parsed, grainMatch = true }: Asked = {},
) {
  const { engine, info } = opened;
  const before = shownOf(opened, picture);
  const [seen] = await engine.cutPlaced(info.id, [frame], signal);
  const restored = { face: restorer(seen!), parsed: parsed ?? null, movedCodes: 0, fixed: false };
  const laid = await engine.fitRestored(info.id, FACE, frame, restored, extent, { grainMatch }, signal);
  if (!laid) return null;
  await engine.place(info.id, FACE, laid.frame, laid.square, signal);
  return { before, laid, after: shownOf(opened, picture), patch: opened.photo.patches.get(FACE)! };
}

const lighter = (by: number) => (seen: Raster<'crop'>) =>
  raster<'crop'>(
    SIDE_PX,
    SIDE_PX,
    seen.data.map((code, i) => (i % CHANNELS === 3 ? code : code + by)),
  );

/** Largest difference of any channel within `counts`, which is in the photo's own places; outside it, of any bit. */
function differences(a: Raster<'photo'>, b: Raster<'photo'>, counts: (pixel: number) => boolean) {
  let inside = 0;
  let outside = 0;
  a.data.forEach((code, i) => {
    const apart = Math.abs(code - b.data[i]!);
    if (counts(Math.floor(i / CHANNELS))) inside = Math.max(inside, apart);
    else outside = Math.max(outside, apart);
  });
  return { inside, outside };
}

const lies = fc.record({
  sidePx: fc.double({ min: 60, max: 500, noNaN: true }),
  turnRad: fc.double({ min: -0.8, max: 0.8, noNaN: true }),
  // Over every border of a photo of 210 × 160 px.
  x: fc.double({ min: -20, max: 230, noNaN: true }),
  y: fc.double({ min: -20, max: 180, noNaN: true }),
});

test('a face changes nothing beyond its square and the pixels at its rim, wherever it lies', async () => {
  let changed = 0;
  await fc.assert(
    fc.asyncProperty(lies, fc.integer({ min: -40, max: 40 }), async (where, by) => {
      const picture = drawn(210, 160, hills);
      const frame = frameOf(where);
      const done = await restore(openPicture(picture), picture, frame, lighter(by), { grainMatch: false });
      if (!done) return;
      const { a, b, c, d, tx, ty } = frame.toCrop;
      const inSquare = (pixel: number) => {
        const [x, y] = [(pixel % 210) + 0.5, Math.floor(pixel / 210) + 0.5];
        const [u, v] = [a * x + b * y + tx, c * x + d * y + ty];
        // The reference's erosion of even size lets its blur reach a pixel of the photo beyond.
        return Math.min(u, v, SIDE_PX - u, SIDE_PX - v) > (-1.5 * SIDE_PX) / where.sidePx;
      };
      const { inside, outside } = differences(done.before, done.after, inSquare);
      expect(outside).toBe(0);
      // Nowhere more than the restorer itself did, and rounding.
      expect(inside).toBeLessThanOrEqual(Math.abs(by) + 1);
      changed += inside > 0 ? 1 : 0;
    }),
    { numRuns: 40 },
  );
  expect(changed).toBeGreaterThan(10);
});

test('outside its alpha every bit stays, also of a transparent photo', async () => {
  const picture = drawn(240, 200, hills);
  picture.data.forEach((_, i) => {
    if (i % CHANNELS === 3) picture.data[i] = i % 256;
  });
  const opened = openPicture(picture);
  const done = (await restore(opened, picture, frameOf({ sidePx: 150, x: 130, y: 90 }), lighter(30)))!;
  const { area, alpha } = done.patch;
  const counts = (pixel: number) => {
    const [x, y] = [(pixel % 240) - area.x, Math.floor(pixel / 240) - area.y];
    const within = x >= 0 && y >= 0 && x < area.width && y < area.height;
    return within && alpha.data[y * area.width + x]! > 0;
  };
  const { inside, outside } = differences(done.before, done.after, counts);
  expect({ inside, outside }).toEqual({ inside: 30, outside: 0 });
  expect(done.after.data.filter((_, i) => i % CHANNELS === 3)).toEqual(
    picture.data.filter((_, i) => i % CHANNELS === 3),
  );
});

test('a restorer that changes nothing changes nothing, at any size and with grain', async () => {
  const grain = gaussian(260 * 220, 5);
  const picture = drawn(260, 220, (x, y, c, i) => hills(x, y, c) + 6 * grain[i]!);
  for (const sidePx of [70, 190, 640, 1900]) {
    for (const extent of ['face', 'eyes'] as const) {
      const opened = openPicture(picture);
      await openedEyes(opened, frameOf({ sidePx: 90, x: 120, y: 100 }));
      const frame = frameOf({ sidePx, turnRad: 0.3, x: 120, y: 100 });
      const done = (await restore(opened, picture, frame, (seen) => seen, { extent }))!;
      const { inside } = differences(done.before, done.after, () => true);
      expect(inside, `${extent} ${sidePx} px`).toBeLessThanOrEqual(1);
    }
  }
});

test('where the parser sees no face, nothing changes', async () => {
  const picture = drawn(200, 200, hills);
  const parsed = plane<'0..1'>(SIDE_PX, SIDE_PX);
  parsed.data.forEach((_, i) => {
    parsed.data[i] = i % SIDE_PX < 256 ? 1 : 0;
  });
  const done = (await restore(
    openPicture(picture),
    picture,
    frameOf({ sidePx: 128, x: 100, y: 100 }),
    lighter(25),
    {
      parsed,
    },
  ))!;
  const { inside, outside } = differences(done.before, done.after, (pixel) => pixel % 200 < 101);
  expect({ inside, outside }).toEqual({ inside: 25, outside: 0 });
});

test('nothing of the photo in the square, and a face without opened eyes: nothing to lay', async () => {
  const picture = drawn(200, 160, hills);
  const opened = openPicture(picture);
  expect(await restore(opened, picture, frameOf({ sidePx: 100, x: 400, y: 80 }), lighter(9))).toBeNull();
  expect(
    await restore(opened, picture, frameOf({ sidePx: 100, x: 90, y: 80 }), lighter(9), { extent: 'eyes' }),
  ).toBeNull();
  const none = plane<'0..1'>(SIDE_PX, SIDE_PX);
  expect(
    await restore(opened, picture, frameOf({ sidePx: 100, x: 90, y: 80 }), lighter(9), { parsed: none }),
  ).toBeNull();
  expect(opened.photo.patches.size).toBe(0);
});

/** Eyes of another colour in the middle of the frame, softly. */
async function openedEyes({ engine, info }: OpenedPicture, frame: CropFrame, face = FACE) {
  const alpha = plane<'0..1'>(SIDE_PX, SIDE_PX);
  alpha.data.forEach((_, i) => {
    const away = Math.hypot((i % SIDE_PX) - 256, Math.floor(i / SIDE_PX) - 256);
    alpha.data[i] = Math.min(1, Math.max(0, (150 - away) / 60));
  });
  const pixels = raster<'crop'>(SIDE_PX, SIDE_PX);
  pixels.data.forEach((_, i) => {
    pixels.data[i] = [201, 60, 90, 255][i % CHANNELS]!;
  });
  await engine.place(info.id, face, frame, wholeSquare(pixels, alpha), signal);
}

test('eyes alone: what was opened gets the detail, and no bit beside it', async () => {
  const picture = drawn(300, 240, hills);
  const opened = openPicture(picture);
  await openedEyes(opened, frameOf({ sidePx: 120, x: 140, y: 110 }));
  const eyes = opened.photo.patches.get(FACE)!;
  const frame = frameOf({ sidePx: 210, turnRad: 0.2, x: 145, y: 125 });
  const done = (await restore(opened, picture, frame, lighter(-20), { extent: 'eyes' }))!;
  const alphaAt = (pixel: number) => {
    const [x, y] = [(pixel % 300) - eyes.area.x, Math.floor(pixel / 300) - eyes.area.y];
    const within = x >= 0 && y >= 0 && x < eyes.area.width && y < eyes.area.height;
    return within ? eyes.alpha.data[y * eyes.area.width + x]! : 0;
  };
  const { inside, outside } = differences(done.before, done.after, (pixel) => alphaAt(pixel) > 0);
  expect({ inside, outside }).toEqual({ inside: 20, outside: 0 });
  // As much as of the opened eyes counts.
  done.after.data.forEach((code, i) => {
    if (i % CHANNELS === 3) return;
    const wanted = done.before.data[i]! - 20 * alphaAt(Math.floor(i / CHANNELS));
    if (Math.abs(code - wanted) > 1.5) expect.fail(`${code} instead of ${wanted}`);
  });
});

test('a whole face keeps the opened eyes under its detail, and takes their place', async () => {
  const picture = drawn(300, 240, hills);
  const opened = openPicture(picture);
  await openedEyes(opened, frameOf({ sidePx: 100, x: 140, y: 110 }));
  const done = (await restore(opened, picture, frameOf({ sidePx: 200, x: 140, y: 120 }), lighter(17)))!;
  expect(opened.photo.patches.size).toBe(1);
  const at = (picture: Raster<'photo'>, x: number, y: number) => [
    ...picture.data.subarray((y * 300 + x) * CHANNELS, (y * 300 + x) * CHANNELS + 3),
  ];
  expect(at(done.before, 140, 110)).toEqual([201, 60, 90]);
  expect(at(done.after, 140, 110)).toEqual([218, 77, 107]);
  // In the eyes' own soft edge both are mixed as they were.
  for (const x of [112, 116, 120]) {
    const [was, is] = [at(done.before, x, 110), at(done.after, x, 110)];
    is.forEach((code, c) => {
      expect(Math.abs(code - was[c]! - 17)).toBeLessThanOrEqual(1);
    });
  }
});

test('eyes of a neighbour at the rim of a restored face can still be taken off', async () => {
  const picture = drawn(420, 240, hills);
  const opened = openPicture(picture);
  const neighbour = 8;
  await openedEyes(opened, frameOf({ sidePx: 60, x: 252, y: 120 }), neighbour);
  // Its soft edge ends at x = 250 and is below a tenth from 246 on.
  const done = (await restore(opened, picture, frameOf({ sidePx: 200, x: 150, y: 120 }), lighter(12)))!;
  await opened.engine.undo(opened.info.id, neighbour, signal);
  const after = shownOf(opened, picture);
  const { inside } = differences(after, picture, (pixel) => pixel % 420 > 246);
  expect(done.before.data).not.toEqual(picture.data);
  expect(inside).toBeLessThan(15);
});

test('detail that is finer than the square stays where a restorer smooths', async () => {
  const fine = gaussian(900 * 900, 21);
  const flat = (x: number, y: number, c: number) => hills(x / 3, y / 3, c);
  const picture = drawn(900, 900, (x, y, c, i) => flat(x, y, c) + 9 * fine[i]!);
  const keptAt = async (sidePx: number) => {
    const frame = frameOf({ sidePx, x: 450, y: 450 });
    const soft = (seen: Raster<'crop'>) => blurred(seen, 4);
    const { after } = (await restore(openPicture(picture), picture, frame, soft, { grainMatch: false }))!;
    let found = 0;
    let wanted = 0;
    for (let y = 400; y < 500; y += 1)
      for (let x = 400; x < 500; x += 1) {
        const own = fine[y * 900 + x]!;
        found += (after.data[(y * 900 + x) * CHANNELS]! - flat(x, y, 0)) * own;
        wanted += 9 * own * own;
      }
    return found / wanted;
  };
  // Measured 0.38, 0.75 and 0.90. The square itself keeps nothing of it.
  expect(await keptAt(300)).toBeLessThan(0.5);
  expect(await keptAt(768)).toBeGreaterThan(0.7);
  expect(await keptAt(1400)).toBeGreaterThan(0.85);
});

test('gray photos stay gray', async () => {
  const grain = gaussian(200 * 200, 5);
  const picture = drawn(200, 200, (x, y, _, i) => hills(x, y, 0) + 5 * grain[i]!);
  const rosy = (seen: Raster<'crop'>) =>
    raster<'crop'>(
      SIDE_PX,
      SIDE_PX,
      blurred(seen, 3).data.map((code, i) => code + [30, 5, -20, 0][i % CHANNELS]!),
    );
  const done = (await restore(
    openPicture(picture),
    picture,
    frameOf({ sidePx: 150, x: 100, y: 100 }),
    rosy,
  ))!;
  let tint = 0;
  for (let i = 0; i < done.after.data.length; i += CHANNELS) {
    const [red, green, blue] = done.after.data.subarray(i, i + 3);
    tint = Math.max(tint, Math.abs(red! - green!), Math.abs(green! - blue!));
  }
  expect(tint).toBe(0);
  expect(done.after.data).not.toEqual(done.before.data);
  // The tint is gone with its light: only grain differs.
  const mean = (picture: Raster<'photo'>) =>
    picture.data.reduce((sum, code) => sum + code, 0) / picture.data.length;
  expect(Math.abs(mean(done.after) - mean(done.before))).toBeLessThan(0.5);
});

test('grain that was smoothed away comes back', async () => {
  const grain = gaussian(400 * 400, 31);
  const picture = drawn(400, 400, (x, y, c, i) => hills(x / 4, y / 4, c) + 5 * grain[i]!);
  const all = plane<'0..1'>(400, 400);
  all.data.fill(1);
  const grainOf = (shown: Raster<'photo'>) => measureGrain(shown, all, rect(150, 150, 100, 100))!;
  for (const sidePx of [260, 390]) {
    const frame = frameOf({ sidePx, x: 200, y: 200 });
    const made = async (restorer: (seen: Raster<'crop'>) => Raster<'crop'>, grainMatch: boolean) =>
      (await restore(openPicture(picture), picture, frame, restorer, { grainMatch }))!.after;
    const wanted = grainOf(picture);
    const smooth = grainOf(await made((seen) => blurred(seen, 3), false));
    const matched = grainOf(await made((seen) => blurred(seen, 3), true));
    // By a sixth at least at the square's own scale, by half where it is finer than the photo.
    expect(smooth.fine / wanted.fine, `${sidePx} px`).toBeLessThan(0.85);
    expect(matched.fine / wanted.fine, `${sidePx} px`).toBeGreaterThan(0.9);
    expect(matched.fine / wanted.fine, `${sidePx} px`).toBeLessThan(1.12);
    expect(matched.coarse / wanted.coarse, `${sidePx} px`).toBeGreaterThan(0.85);
    expect(matched.coarse / wanted.coarse, `${sidePx} px`).toBeLessThan(1.12);
  }
});

test('no grain is added where nothing was smoothed', async () => {
  const grain = gaussian(300 * 300, 31);
  const picture = drawn(300, 300, (x, y, c, i) => hills(x / 4, y / 4, c) + 5 * grain[i]!);
  const rough = gaussian(SIDE_PX * SIDE_PX, 3);
  const roughened = (seen: Raster<'crop'>) =>
    raster<'crop'>(
      SIDE_PX,
      SIDE_PX,
      seen.data.map((code, i) => code + 9 * rough[Math.floor(i / CHANNELS)]!),
    );
  // One changes light only, one has grain of its own.
  for (const restorer of [lighter(6), roughened]) {
    const made = async (grainMatch: boolean) =>
      (await restore(openPicture(picture), picture, frameOf({ sidePx: 260, x: 150, y: 150 }), restorer, {
        grainMatch,
      }))!;
    const { inside } = differences((await made(true)).after, (await made(false)).after, () => true);
    expect(inside).toBe(0);
  }
});
