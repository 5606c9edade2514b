/** The reference's soft square, in a `PasteFrame`'s area: spec C.5, steps 3 to 5. */
import { type Plane, plane } from '../../src/core/raster';
import { REFERENCE_SIDE_PX } from '../../src/core/units';
import { erode } from '../../src/pixels/erode';
import { gaussianBlur } from '../../src/pixels/gaussianBlur';
import { warpPlane } from '../../src/pixels/warp';
import type { PasteFrame } from './pasteFrame';

/** The soft edge is a 20th of the square's side wide on both sides of its middle. */
const EDGE_SHARE = 20;
/** OpenCV's kernel when it is given an empty one, as for squares of less than 20 px. */
const EMPTY_KERNEL_SIDE_PX = 3;
const OUTSIDE = { kind: 'constant', values: [0] } as const;

/** How much of a restored square is taken. */
export function squareMask({ toSquare, area, factor }: PasteFrame): Plane<'0..1'> {
  const whole = plane<'0..1'>(REFERENCE_SIDE_PX, REFERENCE_SIDE_PX);
  whole.data.fill(1);
  const placed = warpPlane(whole, toSquare, {
    width: area.width,
    height: area.height,
    origin: area,
    border: OUTSIDE,
  });
  const eroded = erode(placed, 2 * factor);
  const edgePx = Math.floor(Math.floor(Math.sqrt(sumOf(eroded))) / EDGE_SHARE);
  const core = erode(eroded, 2 * edgePx || EMPTY_KERNEL_SIDE_PX);
  return gaussianBlur(core, 2 * edgePx + 1, 0);
}

function sumOf({ data }: Plane<'0..1'>): number {
  let sum = 0;
  for (let i = 0; i < data.length; i += 1) sum += data[i]!;
  return sum;
}
