/** How the reference detectors are shown a photo. Their numbers: test/browser/insightface and retinaface. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/config';
import { apply, distance, point, rect } from '../../src/core/geometry';
import { frame106 } from '../../src/pipeline/points106';
import { retinafaceGlance, scrfdGlance } from '../../src/pipeline/reference';
import { sightOf } from '../../src/pipeline/sight';

const side = fc.integer({ min: 1, max: 12_000 });
const photos = fc.record({ width: side, height: side });
const canvas = { width: 640, height: 640 };

test('the letterbox is as large as the canvas lets it be, and has at least a line', () => {
  fc.assert(
    fc.property(photos, (photo) => {
      const { request } = scrfdGlance(photo, canvas, 'cpu');
      expect(Math.max(request.widthPx, request.heightPx)).toBe(640);
      expect(Math.min(request.widthPx, request.heightPx)).toBeGreaterThan(0);
      expect(request.area).toEqual(rect(0, 0, photo.width, photo.height));
    }),
  );
});

test('its scale is that of the height, which was cut to a whole pixel, for both axes', () => {
  // 1000 × 333 → 640 × 213 (213.12): 213 / 333, and not 640 / 1000.
  const { request, manner, toPhoto } = scrfdGlance({ width: 1000, height: 333 }, canvas, 'cpu');
  expect([request.widthPx, request.heightPx]).toEqual([640, 213]);
  expect(manner.scale).toBe(213 / 333);
  expect(apply(toPhoto, point<'view'>(64, 21.3))).toEqual({
    x: expect.closeTo(64 / (213 / 333), 9),
    y: expect.closeTo(33.3, 9),
  });
});

test('RetinaFace: 640 on the shorter side; facelib enlarges small photos first, and never shrinks what it can hold', () => {
  const glance = (width: number, height: number, variant: 'facelib' | 'facexlib') =>
    retinafaceGlance({ width, height }, variant, 'cpu')!;
  const { request: asItIs, manner } = glance(1600, 1200, 'facelib');
  expect([asItIs.widthPx, asItIs.heightPx, manner.scale]).toEqual([1600, 1200, 1]);
  // Not as it is: the network would take 3 GB.
  const large = glance(4000, 3000, 'facelib');
  expect([large.request.widthPx, large.request.heightPx]).toEqual([853, 640]);
  expect(large.request.reference).toEqual({ kernel: 'area' });
  expect(glance(600, 520, 'facelib').request.reference).toEqual({ kernel: 'linear' });
  expect(glance(4000, 3000, 'facexlib').request.reference).toEqual({ kernel: 'lanczos4' });
  // 1000 / (667 / 640) is just below 960 where 1000 · (640 / 667) is not.
  expect(glance(1000, 667, 'facexlib').request.widthPx).toBe(959);

  const small = glance(300, 256, 'facelib');
  expect(small.request.reference).toEqual({ kernel: 'linear', enlargedBy: 2 });
  expect([small.request.widthPx, small.request.heightPx]).toEqual([750, 640]);
  // The eyes' distance is told in the enlarged photo, places in the photo itself.
  expect(small.manner.scale).toBe(1.25);
  expect(apply(small.toPhoto, point<'view'>(75, 64))).toEqual({ x: 30, y: expect.closeTo(25.6, 9) });
  expect(glance(300, 256, 'facexlib').request.reference).toEqual({ kernel: 'lanczos4' });
});

test('no photo, however long and thin, makes RetinaFace look at more than 2.1 MP, or facelib enlarge to more', () => {
  fc.assert(
    fc.property(photos, fc.constantFrom('facelib' as const, 'facexlib' as const), (photo, variant) => {
      const glance = retinafaceGlance(photo, variant, 'cpu');
      const { widthPx = 0, heightPx = 0, reference } = glance?.request ?? {};
      expect(widthPx * heightPx).toBeLessThanOrEqual(2.1e6);
      const { enlargedBy = 0 } = reference ?? {};
      expect(photo.width * photo.height * enlargedBy ** 2).toBeLessThanOrEqual(2.11e6);
      if (glance) expect(Math.min(widthPx, heightPx)).toBeGreaterThanOrEqual(639);
    }),
  );
  expect(retinafaceGlance({ width: 20, height: 4000 }, 'facelib', 'cpu')).toBeNull();
  // Then it looks as at any tile.
  const settings = { ...DEFAULT_CONFIG.detection, retinafaceVariant: 'facexlib' } as const;
  const [first] = sightOf('retinaface', settings).passes({ width: 20, height: 4000 });
  expect(first).toMatchObject({ sidePx: 640, glances: [{ request: { widthPx: 3, heightPx: 640 } }] });
});

test('after the first look come finer ones that show the photo clearly larger, in tiles and canvases of 32s', () => {
  const photo = { width: 6000, height: 4000 };
  const at = (detSize: number) =>
    sightOf('buffalo_l', { ...DEFAULT_CONFIG.detection, detSize }).passes(photo);
  expect(at(640).map(({ sidePx }) => Math.round(sidePx))).toEqual([639, 1600, 3200]);
  expect(at(1280).map(({ sidePx }) => Math.round(sidePx))).toEqual([1280, 3200]);
  for (const { glances } of at(640).slice(1)) {
    for (const { request, manner } of glances) {
      expect(request.reference).toBeUndefined();
      expect(Math.max(request.widthPx, request.heightPx)).toBeLessThanOrEqual(1025);
      expect(manner).toMatchObject({ detector: 'buffalo_l' });
      const { width, height } = (manner as Extract<typeof manner, { detector: 'buffalo_l' }>).canvas;
      expect([width % 32, height % 32]).toEqual([0, 0]);
      expect(width).toBeGreaterThanOrEqual(request.widthPx);
      expect(height).toBeGreaterThanOrEqual(request.heightPx);
    }
  }
});

test('the 106-point square: 1.5 boxes wide, the middle of the box on the centre of its pixel 96, upright up to 30°', () => {
  const hit = (tiltRad: number) => {
    const eyes = [point<'photo'>(0, 0), point<'photo'>(Math.cos(tiltRad), Math.sin(tiltRad))] as const;
    return {
      box: rect<'photo'>(100, 40, 200, 160),
      points: [...eyes, eyes[0], eyes[0], eyes[0]] as const,
    };
  };
  const { toCrop, toPhoto, reference } = frame106(hit(0.4));
  expect(reference).toEqual({ red: 0, green: 0, blue: 0 });
  expect(toCrop.b).toBeCloseTo(0, 12);
  expect(toCrop.a).toBeCloseTo(192 / 300, 6);
  // Counted from the centre of the first pixel the box's middle (200, 120) is (200.5, 120.5) here.
  const middle = apply(toCrop, point<'photo'>(200.5, 120.5));
  expect(distance(middle, point<'crop'>(96.5, 96.5))).toBeLessThan(1e-4);

  const tilted = frame106(hit(1.2));
  const across = apply(tilted.toPhoto, point<'crop'>(106, 96));
  const from = apply(tilted.toPhoto, point<'crop'>(96, 96));
  expect(Math.atan2(across.y - from.y, across.x - from.x)).toBeCloseTo(1.2, 9);
  expect(distance(across, from)).toBeCloseTo(10 / toCrop.a, 4);
  expect(toPhoto.b).toBeCloseTo(0, 12);
});
