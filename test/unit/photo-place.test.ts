/** The property that matters most: outside the feather not one bit of the photo changes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apply, invert, point, rect } from '../../src/core/geometry';
import type { CropFrame } from '../../src/core/photo';
import { plane, type Raster } from '../../src/core/raster';
import { rasterAt } from '../../src/pixels/window';
import { flatten, type Patch, patchOf } from '../../workers/photo/patch';
import { pyramidOf, warpedRows } from '../../workers/photo/pyramid';
import { wholeSquare } from '../fakes/squares';
import { noise } from './noise';

interface Face {
  readonly sidePx: number;
  readonly scale: number;
  readonly angleRad: number;
  readonly x: number;
  readonly y: number;
  readonly reach: number;
  readonly soft: number;
}

const faces = fc.record<Face>({
  sidePx: fc.integer({ min: 8, max: 60 }),
  /** Photo pixels per square pixel. */
  scale: fc.double({ min: 0.3, max: 4, noNaN: true }),
  angleRad: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
  x: fc.double({ min: -20, max: 120, noNaN: true }),
  y: fc.double({ min: -20, max: 100, noNaN: true }),
  reach: fc.double({ min: 0.1, max: 0.5, noNaN: true }),
  soft: fc.double({ min: 0.5, max: 12, noNaN: true }),
});

function frameOf({ sidePx, scale, angleRad, x, y }: Face): CropFrame {
  const a = scale * Math.cos(angleRad);
  const c = scale * Math.sin(angleRad);
  const toPhoto = { a, b: -c, c, d: a, tx: x, ty: y };
  return { sidePx, toPhoto, toCrop: invert(toPhoto) };
}

/** A disc in the middle of the square, 0 beyond `reach`. */
function discOf({ sidePx, reach, soft }: Face) {
  const alpha = plane<'0..1'>(sidePx, sidePx);
  alpha.data.forEach((_, i) => {
    const distance = Math.hypot((i % sidePx) + 0.5 - sidePx / 2, Math.floor(i / sidePx) + 0.5 - sidePx / 2);
    alpha.data[i] = Math.min(1, Math.max(0, (reach * sidePx - distance) / soft));
  });
  return alpha;
}

const whole = (r: Raster<'photo'>) => rect<'photo'>(0, 0, r.width, r.height);

test('outside the feather every pixel keeps every bit, transparency everywhere', () => {
  let touched = 0;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 110 }),
      fc.integer({ min: 1, max: 90 }),
      fc.array(faces, { minLength: 1, maxLength: 3 }),
      fc.nat(1000),
      (width, height, chosen, seed) => {
        const picture = noise<'photo'>(width, height, seed);
        const before = picture.data.slice();
        const patches: Patch[] = [];
        const discs = chosen.map((face) => {
          const frame = frameOf(face);
          const alpha = discOf(face);
          const pixels = noise<'crop'>(face.sidePx, face.sidePx, seed + 1);
          const patch = patchOf(wholeSquare(pixels, alpha), frame, picture);
          if (patch) patches.push(patch);
          return { frame, face };
        });
        const result = flatten(picture, patches, whole(picture));
        expect(picture.data).toEqual(before);
        for (let i = 0; i < width * height; i += 1) {
          const same = [0, 1, 2].every((c) => result.data[i * 4 + c] === before[i * 4 + c]);
          if (result.data[i * 4 + 3] !== before[i * 4 + 3]) expect.fail('transparency changed');
          if (same) continue;
          touched += 1;
          // A changed pixel lies within the disc of some face, plus the reach of interpolation.
          const near = discs.some(({ frame, face }) => {
            const p = apply(frame.toCrop, point<'photo'>((i % width) + 0.5, Math.floor(i / width) + 0.5));
            const distance = Math.hypot(p.x - face.sidePx / 2, p.y - face.sidePx / 2);
            return distance <= face.reach * face.sidePx + 1.5 + 1 / face.scale;
          });
          if (!near) expect.fail(`pixel ${i % width}, ${Math.floor(i / width)} changed`);
        }
      },
    ),
    { numRuns: 150 },
  );
  expect(touched).toBeGreaterThan(1000);
}, 30_000);

test('rows, parts and the whole picture show the same pixels', () => {
  fc.assert(
    fc.property(faces, faces, fc.nat(70), fc.integer({ min: 1, max: 40 }), (first, second, top, count) => {
      const picture = noise<'photo'>(90, 80, 17);
      const patches = [first, second].flatMap((face) => {
        const pixels = noise<'crop'>(face.sidePx, face.sidePx, 5);
        return patchOf(wholeSquare(pixels, discOf(face)), frameOf(face), picture) ?? [];
      });
      const all = flatten(picture, patches, whole(picture));
      const area = rect<'photo'>(0, top, 90, Math.min(count, 80 - top));
      expect(flatten(picture, patches, area)).toEqual(rasterAt(all, area));
    }),
    { numRuns: 100 },
  );
});

test('a square cut and placed again unchanged, at the photo’s scale, is the photo', () => {
  const picture = noise<'photo'>(64, 64, 12);
  const face: Face = { sidePx: 32, scale: 1, angleRad: 0, x: 9, y: 14, reach: 0.4, soft: 4 };
  const frame = frameOf(face);
  const pixels = warpedRows(pyramidOf(picture), frame.toPhoto, { width: 32, top: 0, rows: 32 });
  const patch = patchOf(wholeSquare(pixels, discOf(face)), frame, picture)!;
  expect(flatten(picture, [patch], whole(picture)).data).toEqual(picture.data);
});

test('cutting from a pyramid shrinks without moving: a step stays where it is', () => {
  const picture = noise<'photo'>(2400, 160, 3);
  for (let i = 0; i < 2400 * 160; i += 1) picture.data.fill(i % 2400 < 1200 ? 0 : 255, i * 4, i * 4 + 3);
  for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = 255;
  for (const scale of [1, 1.1, 1.7, 2.6, 5, 11]) {
    const sidePx = 12;
    const toPhoto = { a: scale, b: 0, c: 0, d: scale, tx: 1200 - (sidePx / 2) * scale, ty: 10 };
    const cut = warpedRows(pyramidOf(picture), toPhoto, { width: sidePx, top: 0, rows: 4 });
    const line = Array.from({ length: sidePx }, (_, x) => cut.data[(sidePx + x) * 4]!);
    // Dark left, bright right, the same on both sides of the middle.
    line.forEach((value, x) => {
      expect(Math.abs(value + line[sidePx - 1 - x]! - 255), `scale ${scale}: ${line}`).toBeLessThanOrEqual(2);
    });
    expect(line[3]).toBeLessThan(12);
  }
});
