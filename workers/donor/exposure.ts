/** The overall light of two photos of one face. */
import type { FaceSquare } from '../../src/core/generation';
import type { Rect, Space } from '../../src/core/geometry';
import { CHANNELS, type Raster } from '../../src/core/raster';
import { codeOf, linearOf } from '../../src/pixels/light';
import { DENSE_COUNT, SKIN_POINTS } from './landmarks';

/** Half side of the patch whose mean is taken at each skin point, as a share of the square's side. */
const PATCH = 0.012;
/** Linear light that keeps deep shadow from deciding. */
const DARK = 0.004;

export type Gains = readonly [number, number, number];

/** Median over firm patches of skin of target / source, in linear light; 1 without a dense mesh. */
export function exposureGains(target: FaceSquare<'crop'>, source: FaceSquare<'source'>): Gains {
  if (target.landmarks.length < DENSE_COUNT || source.landmarks.length < DENSE_COUNT) return [1, 1, 1];
  const ratios = SKIN_POINTS.map((i) => {
    const wanted = patchLight(target, i);
    const found = patchLight(source, i);
    return wanted.map((light, c) => (light + DARK) / (found[c]! + DARK));
  });
  const median = (c: number) => ratios.map((ratio) => ratio[c]!).sort((a, b) => a - b)[ratios.length >> 1]!;
  return [median(0), median(1), median(2)];
}

/** Multiplies the linear light of `area`, in place: the buffer is the caller's own copy. */
export function expose(pixels: Raster<Space>, area: Rect<Space>, gains: Gains): void {
  const tables = gains.map((gain) =>
    Uint8ClampedArray.from({ length: 256 }, (_, code) => codeOf(linearOf(code) * gain)),
  );
  for (let y = area.y; y < area.y + area.height; y++)
    for (let x = area.x; x < area.x + area.width; x++) {
      const k = (y * pixels.width + x) * CHANNELS;
      for (let c = 0; c < 3; c++) pixels.data[k + c] = tables[c]![pixels.data[k + c]!]!;
    }
}

function patchLight(square: FaceSquare<Space>, landmark: number): readonly number[] {
  const { width, height, data } = square.pixels;
  const at = square.landmarks[landmark]!;
  const half = Math.max(1, Math.round(PATCH * width));
  const sums = [0, 0, 0];
  let count = 0;
  for (let y = Math.round(at.y) - half; y <= Math.round(at.y) + half; y++)
    for (let x = Math.round(at.x) - half; x <= Math.round(at.x) + half; x++) {
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      count++;
      for (let c = 0; c < 3; c++) sums[c]! += linearOf(data[(y * width + x) * CHANNELS + c]!);
    }
  return sums.map((sum) => sum / Math.max(1, count));
}
