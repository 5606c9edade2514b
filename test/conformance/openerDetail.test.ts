/** Made eyes in large faces are as fine as real ones: against the very eye they take the place of. */
import { expect, test } from 'vitest';
import { type EyeShape, movedEye, type Side } from '../../src/core/face';
import { distance, point, type Rect, rect } from '../../src/core/geometry';
import type { Raster } from '../../src/core/raster';
import { cornerFrame, lidLines, toFrame } from '../../src/pixels/cornerFrame';
import { blurPlane, lumaOf } from '../../src/pixels/sharpness';
import { rasterAt } from '../../src/pixels/window';
import { photosPresent, see } from './donorRoad';
import { makeEyes } from './openerRoad';
import { saveSheet } from './sheet';

const PHOTOS = [
  'open_02_biden_7mp.jpg',
  'open_03_obama_podium.jpg',
  'open_09_man_closeup.jpg',
  'open_10_brown_skin_man.jpg',
  'open_12_smiling_woman.jpg',
  'open_28_24mp_bar.jpg',
] as const;
/** Faces whose square is smaller are drawn larger than they are. */
const LEAST_SQUARE_PX = 300;
/** The network never sees it: the first pair of eyes is made with the lid hidden. */
const SIDE: Side = 'left';
/** What a blur of 1.5 px takes away. */
const FINE_PX = 1.5;
/** Half of the band round the upper lid's line in which lashes are, in corner distances. */
const LASHES = 0.07;
/** Of the fine energy of the real eyes, at the middle of all faces. */
const LEAST = 0.5;
const MOST = 1.6;

/** Side of the eyes on the sheet, px. */
const SHOWN_PX = 640;

/** Of an FFHQ square: a square that holds both eyes. */
function eyesArea(sidePx: number): Rect<'crop'> {
  const part = (share: number) => Math.round(share * sidePx);
  return rect(part(0.28), part(0.25), part(0.44), part(0.44));
}

interface Detail {
  readonly iris: number;
  readonly lashes: number;
}

/** Deviation of the luma's finest part, codes. */
function detailOf(square: Raster<'crop'>, eye: EyeShape<'crop'>): Detail {
  const frame = cornerFrame(eye);
  const px = Math.ceil(0.7 * frame.widthPx);
  const { origin } = frame;
  const area = rect<'crop'>(Math.floor(origin.x) - px, Math.floor(origin.y) - px, 2 * px, 2 * px);
  const luma = lumaOf(rasterAt(square, area));
  const soft = blurPlane(luma, area.width, area.height, FINE_PX);
  const lids = lidLines(eye);
  const parts: { iris: number[]; lashes: number[] } = { iris: [], lashes: [] };
  for (let i = 0; i < luma.length; i += 1) {
    const place = point<'crop'>(area.x + (i % area.width) + 0.5, area.y + Math.floor(i / area.width) + 0.5);
    const { u, v } = toFrame(frame, place);
    const [upper, lower] = lids(u);
    const fine = luma[i]! - soft[i]!;
    if (v > upper && v < lower && distance(place, eye.iris!.centre) < eye.iris!.radiusPx)
      parts.iris.push(fine);
    if (Math.abs(u) < frame.widthPx / 2 && Math.abs(v - upper) < LASHES * frame.widthPx)
      parts.lashes.push(fine);
  }
  return { iris: deviation(parts.iris), lashes: deviation(parts.lashes) };
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

test.skipIf(!photosPresent)(
  'iris and lashes of large faces keep their fine detail (skipped without ../shared)',
  async () => {
    const ratios: Detail[] = [];
    const rows: Raster<'crop'>[][] = [];
    for (const name of PHOTOS) {
      const seen = await see(name);
      for (const face of seen.faces) {
        const { frame, opened } = await makeEyes(seen, face, [SIDE], 1);
        if (frame.sidePx < LEAST_SQUARE_PX || face.verdicts[SIDE].state !== 'open') continue;
        const eye = movedEye(face.eyes[SIDE], frame.toCrop);
        const real = detailOf(opened[0]!.before, eye);
        const made = detailOf(opened[0]!.after, eye);
        const ratio = { iris: made.iris / real.iris, lashes: made.lashes / real.lashes };
        ratios.push(ratio);
        const { before, after } = opened[0]!;
        rows.push([before, after].map((square) => rasterAt(square, eyesArea(frame.sidePx))));
        process.stdout.write(
          `${name} face ${face.index}, ${frame.sidePx} px: iris ${ratio.iris.toFixed(2)}, lashes ${ratio.lashes.toFixed(2)}\n`,
        );
      }
    }
    saveSheet('app-detail.png', rows, SHOWN_PX);
    expect(ratios.length).toBeGreaterThan(4);
    for (const part of ['iris', 'lashes'] as const) {
      const middle = median(ratios.map((ratio) => ratio[part]));
      process.stdout.write(`${part}: ${middle.toFixed(2)} of the real eyes' fine detail\n`);
      expect(middle).toBeGreaterThan(LEAST);
      expect(middle).toBeLessThan(MOST);
    }
  },
  300_000,
);
