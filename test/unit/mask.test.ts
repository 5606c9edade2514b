import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EyeMaskShape } from '../../src/core/crop';
import { point } from '../../src/core/geometry';
import { maskBounds, rasteriseMask } from '../../src/pixels/mask';

const shape: EyeMaskShape<'crop'> = {
  centre: point(31, 24),
  halfWidthPx: 20,
  halfHeightPx: 9,
  angleRad: 0.3,
  contour: [point(14, 19), point(30, 15), point(47, 27), point(33, 29)],
  dilatePx: 5,
  brow: [point(8, 9), point(30, 12.5), point(55, 17)],
};

/** The definition, sampled 8 × 8 times a pixel. */
function bruteForce(s: EyeMaskShape<'crop'>, px: number, py: number): number {
  let hits = 0;
  for (let j = 0; j < 8; j++)
    for (let i = 0; i < 8; i++) if (holds(s, px + (i + 0.5) / 8, py + (j + 0.5) / 8)) hits++;
  return hits / 64;
}

function holds(s: EyeMaskShape<'crop'>, x: number, y: number): boolean {
  const right = s.brow.findIndex((p) => p.x >= x);
  const q = s.brow[Math.max(right, 0)];
  const p = s.brow[Math.max(right - 1, 0)];
  const browY =
    right < 0
      ? s.brow[s.brow.length - 1]!.y
      : right === 0
        ? s.brow[0]!.y
        : p!.y + ((q!.y - p!.y) * (x - p!.x)) / (q!.x - p!.x);
  if (y < browY) return false;
  const dx = x - s.centre.x;
  const dy = y - s.centre.y;
  const u = Math.cos(s.angleRad) * dx + Math.sin(s.angleRad) * dy;
  const v = -Math.sin(s.angleRad) * dx + Math.cos(s.angleRad) * dy;
  if ((u / s.halfWidthPx) ** 2 + (v / s.halfHeightPx) ** 2 <= 1) return true;
  let inside = false;
  for (let i = 0; i < s.contour.length; i++) {
    const a = s.contour[i]!;
    const b = s.contour[(i + 1) % s.contour.length]!;
    const length = (b.x - a.x) ** 2 + (b.y - a.y) ** 2;
    const t = Math.min(1, Math.max(0, ((x - a.x) * (b.x - a.x) + (y - a.y) * (b.y - a.y)) / length));
    if (Math.hypot(a.x + t * (b.x - a.x) - x, a.y + t * (b.y - a.y) - y) <= s.dilatePx) return true;
    if (a.y > y !== b.y > y && x < a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y)) inside = !inside;
  }
  return inside;
}

test('the mask is the ellipse and the grown ring, below the brow', () => {
  const mask = rasteriseMask(shape, 64, 48);
  let worst = 0;
  let sum = 0;
  for (let y = 0; y < 48; y++)
    for (let x = 0; x < 64; x++) {
      const off = Math.abs(mask.data[y * 64 + x]! - bruteForce(shape, x, y));
      worst = Math.max(worst, off);
      sum += off;
    }
  expect(worst).toBeLessThan(0.35);
  expect(sum / (64 * 48)).toBeLessThan(0.004);
});

test('nothing lies above the brow or outside the bounds', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -0.6, max: 0.6, noNaN: true }),
      fc.double({ min: 4, max: 30, noNaN: true }),
      fc.double({ min: 2, max: 14, noNaN: true }),
      fc.double({ min: -10, max: 74, noNaN: true }),
      (angleRad, halfWidthPx, halfHeightPx, x) => {
        const moved = { ...shape, angleRad, halfWidthPx, halfHeightPx, centre: point<'crop'>(x, 24) };
        const mask = rasteriseMask(moved, 64, 48);
        const box = maskBounds(moved, { x: 0, y: 0, width: 64, height: 48 });
        const stray = mask.data.findIndex((value, i) => {
          const px = i % 64;
          const py = Math.floor(i / 64);
          const inBox = px >= box.x && px < box.x + box.width && py >= box.y && py < box.y + box.height;
          return value < 0 || value > 1 || (value > 0 && (py < 8 || !inBox));
        });
        expect(stray).toBe(-1);
      },
    ),
    { numRuns: 30 },
  );
});

test('a mask wholly outside the square is empty', () => {
  const away = { ...shape, centre: point<'crop'>(-200, -200), contour: [], brow: [] };
  expect(rasteriseMask(away, 16, 16).data.some((v) => v > 0)).toBe(false);
});
