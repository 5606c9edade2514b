/** A closed lid that the network is not to see. */
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
    const depths = Float32Array.from({ length: STRIP.widthPx * STRIP.heightPx }, (_, i) =>
      maskDepthPx(shape, (i % STRIP.widthPx) + 0.5, Math.floor(i / STRIP.widthPx) + 0.5),
    );
    const bandPx = Math.max(LEAST_BAND_PX, BAND * shape.halfWidthPx);
    const skin = meanWhere(strip, (i) => depths[i]! < -RIM_PX && depths[i]! > -bandPx);
    if (!skin) continue;
    for (const [i, depth] of depths.entries()) {
      const share = clamp(depth + RIM_PX, 0, 1);
      if (share === 0) continue;
      for (const [c, code] of skin.entries()) {
        const at = i * CHANNELS + c;
        out.data[at] = out.data[at]! + share * (code - out.data[at]!);
      }
    }
  }
  return out;
}

/** Red, green and blue; null: of no pixel. */
function meanWhere({ data }: Raster<'strip'>, test: (i: number) => boolean): readonly number[] | null {
  const sums = [0, 0, 0];
  let count = 0;
  for (let i = 0; i < STRIP.widthPx * STRIP.heightPx; i += 1) {
    if (!test(i)) continue;
    count += 1;
    for (let c = 0; c < sums.length; c += 1) sums[c]! += data[i * CHANNELS + c]!;
  }
  return count ? sums.map((sum) => sum / count) : null;
}
