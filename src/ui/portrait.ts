/** Small pictures of a face for the cards: the square as it was, or with a candidate laid over. */

import type { Blended } from '../core/generation';
import type { Raster } from '../core/raster';
import { CHANNELS } from '../core/raster';
import type { Preview } from '../core/run';

/** The part of a face square that is shown: both eyes and the brows, 4:3, shares of the side. */
const EYE_BAND = { x: 0.17, y: 0.225, width: 0.66, height: 0.495 };

/** Samples a side in one small pixel: enough against shimmering, little enough to stay fluid. */
const MOST_SAMPLES = 4;

/** The shown part in pixels of a small square. */
export function bandOf({ width: side }: Raster<'crop'>) {
  return {
    left: Math.round(EYE_BAND.x * side),
    top: Math.round(EYE_BAND.y * side),
    width: Math.round(EYE_BAND.width * side),
    height: Math.round(EYE_BAND.height * side),
  };
}

/** @returns the small square with the candidate over its shown part. */
export function withCandidate(small: Raster<'crop'>, blended: Blended): ImageData {
  const { width, height } = small;
  const result = new ImageData(new Uint8ClampedArray(small.data), width, height);
  const { pixels, alpha, area, sidePx } = blended;
  const step = sidePx / width;
  const samples = Math.min(MOST_SAMPLES, Math.max(1, Math.round(step)));
  const band = bandOf(small);
  for (let y = band.top; y < band.top + band.height; y += 1) {
    for (let x = band.left; x < band.left + band.width; x += 1) {
      let red = 0;
      let green = 0;
      let blue = 0;
      let weight = 0;
      for (let j = 0; j < samples; j += 1) {
        const row = Math.floor((y + (j + 0.5) / samples) * step) - area.y;
        if (row < 0 || row >= area.height) continue;
        for (let i = 0; i < samples; i += 1) {
          const column = Math.floor((x + (i + 0.5) / samples) * step) - area.x;
          if (column < 0 || column >= area.width) continue;
          const at = row * area.width + column;
          const a = alpha.data[at]!;
          if (a === 0) continue;
          weight += a;
          red += a * pixels.data[at * CHANNELS]!;
          green += a * pixels.data[at * CHANNELS + 1]!;
          blue += a * pixels.data[at * CHANNELS + 2]!;
        }
      }
      if (weight === 0) continue;
      const count = samples * samples;
      const rest = 1 - weight / count;
      const to = (y * width + x) * CHANNELS;
      result.data[to] = result.data[to]! * rest + red / count;
      result.data[to + 1] = result.data[to + 1]! * rest + green / count;
      result.data[to + 2] = result.data[to + 2]! * rest + blue / count;
    }
  }
  return result;
}

/** @param sidePx of the face square that the preview is a part of */
export function drawPreview(
  context: CanvasRenderingContext2D,
  small: Raster<'crop'>,
  { picture, part }: Preview,
  sidePx: number,
): void {
  const { left, top } = bandOf(small);
  const scale = small.width / sidePx;
  const source = new OffscreenCanvas(picture.width, picture.height);
  source
    .getContext('2d')
    ?.putImageData(new ImageData(new Uint8ClampedArray(picture.data), picture.width, picture.height), 0, 0);
  context.drawImage(
    source,
    part.x * scale - left,
    part.y * scale - top,
    part.width * scale,
    part.height * scale,
  );
}

export function plainPortrait(small: Raster<'crop'>): ImageData {
  return new ImageData(small.data, small.width, small.height);
}
