/** The skin round a closed lid, and the lid hidden by it. */
import type { Rgb } from '../../src/core/colour';
import type { EyeMaskShape } from '../../src/core/crop';
import { STRIP } from '../../src/core/opening';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import { clamp } from '../../src/core/units';
import { maskDepthPx } from '../../src/pixels/mask';

/** Width of the band of skin that is read, in half widths of the mask, and at least; it begins beyond the mask's soft rim. */
const BAND = 0.12;
const LEAST_BAND_PX = 2;
const RIM_PX = 0.5;

/** A copy with flat skin under the masks: the mean of a band round each (tools/train/augment.py, `hide`). */
export function hideLids(strip: Raster<'strip'>, shapes: readonly EyeMaskShape<'strip'>[]): Raster<'strip'> {
  const out = raster<'strip'>(strip.width, strip.height, strip.data.slice());
  for (const shape of shapes) {
    const depths = depthsOf(shape);
    const skin = skinRound(strip, shape, depths);
    if (!skin) continue;
    for (const [i, depth] of depths.entries()) {
      const share = clamp(depth + RIM_PX, 0, 1);
      if (share === 0) continue;
      for (const [c, code] of [skin.red, skin.green, skin.blue].entries()) {
        const at = i * CHANNELS + c;
        out.data[at] = out.data[at]! + share * (code - out.data[at]!);
      }
    }
  }
  return out;
}

/** Mean of the skin in a band round the mask; null: there is none. */
export function skinRound(
  { data }: Raster<'strip'>,
  shape: EyeMaskShape<'strip'>,
  depths = depthsOf(shape),
): Rgb | null {
  const bandPx = Math.max(LEAST_BAND_PX, BAND * shape.halfWidthPx);
  const sums: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (const [i, depth] of depths.entries()) {
    if (depth >= -RIM_PX || depth <= -bandPx) continue;
    count += 1;
    for (let c = 0; c < sums.length; c += 1) sums[c]! += data[i * CHANNELS + c]!;
  }
  const [red, green, blue] = sums;
  return count ? { red: red / count, green: green / count, blue: blue / count } : null;
}

/** Of every pixel of the strip, as `maskDepthPx`. */
function depthsOf(shape: EyeMaskShape<'strip'>): Float32Array {
  const { widthPx, heightPx } = STRIP;
  return Float32Array.from({ length: widthPx * heightPx }, (_, i) =>
    maskDepthPx(shape, (i % widthPx) + 0.5, Math.floor(i / widthPx) + 0.5),
  );
}
