/** A restored face where it lies in the photo, and how much of it counts: spec C.5, steps 3 to 6. */
import { expectSameSize, type Plane, plane, type Raster } from '../../src/core/raster';
import { REFERENCE_SIDE_PX } from '../../src/core/units';
import { warpPlane, warpRaster } from '../../src/pixels/warp';
import type { PasteFrame } from './pasteFrame';
import { squareMask } from './squareMask';

const SQUARE = { width: REFERENCE_SIDE_PX, height: REFERENCE_SIDE_PX };
const OUTSIDE = { kind: 'constant', values: [0, 0, 0, 0] } as const;

/** A square of 512 px brought to the frame's area; nothing where it does not reach. @throws RangeError for another size */
export function placedSquare(square: Raster<'crop'>, frame: PasteFrame): Raster<'enlarged'> {
  expectSameSize(square, SQUARE);
  return warpRaster(square, frame.toSquare, { ...placed(frame), filter: 'bilinear' });
}

/**
 * The reference multiplies its soft square with colours that are darker at their rim, where the soft square is 0 already.
 * @param parsed `parsingMask`; null: the whole soft square counts. @throws RangeError for another size
 */
export function placedMask(frame: PasteFrame, parsed: Plane<'0..1'> | null): Plane<'0..1'> {
  const soft = squareMask(frame);
  if (!parsed) return soft;
  const face = placedPlane(parsed, frame);
  return plane(
    soft.width,
    soft.height,
    soft.data.map((share, i) => Math.min(share, face.data[i]!)),
  );
}

/** As `placedSquare`. */
export function placedPlane(values: Plane<'0..1'>, frame: PasteFrame): Plane<'0..1'> {
  expectSameSize(values, SQUARE);
  return warpPlane(values, frame.toSquare, placed(frame));
}

function placed({ area }: PasteFrame) {
  return { width: area.width, height: area.height, origin: area, border: OUTSIDE };
}
