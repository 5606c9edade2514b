import { CHANNELS, expectSameSize, type Raster } from '../../src/core/raster';
import { halve } from '../../src/pixels/halve';

/** At an eighth of the size features and light are left, detail is not. */
const HALVINGS = 3;
/** Left out at each side, of the side: hair and background. */
const RIM = 1 / 8;

/**
 * How far a face moved: mean distance of the colours of both pictures at an eighth of their size, codes.
 * @throws RangeError when sizes differ
 */
export function movedCodes(before: Raster<'crop'>, after: Raster<'crop'>): number {
  expectSameSize(before, after);
  const [a, b] = [small(before), small(after)];
  const rim = Math.round(RIM * a.width);
  let sum = 0;
  let count = 0;
  for (let y = rim; y < a.height - rim; y += 1)
    for (let x = rim; x < a.width - rim; x += 1)
      for (let c = 0; c < 3; c += 1, count += 1) {
        const at = (y * a.width + x) * CHANNELS + c;
        sum += Math.abs(a.data[at]! - b.data[at]!);
      }
  return sum / count;
}

function small(picture: Raster<'crop'>): Raster<'crop'> {
  return Array.from({ length: HALVINGS }).reduce<Raster<'crop'>>((last) => halve(last), picture);
}
