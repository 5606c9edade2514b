/** A restored face laid on its photo: spec C.5, steps 3 to 7, `paste_faces_to_input_image` of the reference. */
import { CHANNELS, expectSameSize, type Plane, type Raster, raster } from '../../src/core/raster';
import { REFERENCE_SIDE_PX } from '../../src/core/units';
import { warpPlane, warpRaster } from '../../src/pixels/warp';
import type { ColourPlanes } from './gray';
import type { PasteFrame } from './pasteFrame';
import { squareMask } from './squareMask';

const SQUARE = { width: REFERENCE_SIDE_PX, height: REFERENCE_SIDE_PX };
const OUTSIDE = { kind: 'constant', values: [0, 0, 0, 0] } as const;

/** One channel of the face where it lies in the photo: `data[start + step · pixel] · white`, codes. */
interface Channel {
  readonly data: Uint8ClampedArray | Float32Array;
  readonly start: number;
  readonly step: number;
  readonly white: number;
}

/**
 * A new picture of the frame's area; transparency stays the photo's. Values are cut off after the blend, as the
 * reference's are. (It keeps the fractions until all faces are pasted: where two overlap it may differ by 1.)
 * @param background the frame's area of the photo, enlarged. @param face 512 px; a gray one in planes.
 * @param parsing `parsingMask`; null: the whole soft square is taken.
 * @throws RangeError when one of them has another size
 */
export function pasteFace(
  background: Raster<'enlarged'>,
  frame: PasteFrame,
  face: Raster<'tensor'> | ColourPlanes,
  parsing: Plane<'0..1'> | null,
): Raster<'enlarged'> {
  expectSameSize(background, frame.area);
  for (const part of [...('data' in face ? [face] : face), ...(parsing ? [parsing] : [])])
    expectSameSize(part, SQUARE);
  const { eroded, soft } = squareMask(frame);
  const parsed = parsing && placedPlane(parsing, frame);
  // The reference's parsing mask is in double precision, and so is all that is reckoned with it.
  const rounded = parsed ? (value: number) => value : Math.fround;
  const result = raster<'enlarged'>(background.width, background.height, background.data.slice());
  channelsOf(face, frame).forEach(({ data, start, step, white }, c) => {
    for (let i = 0; i < soft.data.length; i += 1) {
      const share = parsed ? Math.min(parsed.data[i]!, soft.data[i]!) : soft.data[i]!;
      if (share === 0) continue;
      const pasted = Math.fround(eroded.data[i]! * data[start + step * i]! * white);
      const under = background.data[i * CHANNELS + c]!;
      const mixed = rounded(share * pasted) + rounded(rounded(1 - share) * under);
      result.data[i * CHANNELS + c] = Math.floor(rounded(mixed));
    }
  });
  return result;
}

function channelsOf(face: Raster<'tensor'> | ColourPlanes, frame: PasteFrame): readonly Channel[] {
  if ('data' in face) {
    const { data } = warpRaster(face, frame.toSquare, { ...placed(frame), filter: 'bilinear' });
    return [0, 1, 2].map((start) => ({ data, start, step: CHANNELS, white: 1 }));
  }
  return face.map((channel) => {
    const { data } = placedPlane(channel, frame);
    return { data, start: 0, step: 1, white: 255 };
  });
}

/** What the reference has in double precision, OpenCV takes from coarser places. */
export function placedPlane(values: Plane<'0..1'>, frame: PasteFrame): Plane<'0..1'> {
  return warpPlane(values, frame.toSquare, { ...placed(frame), coarse: true });
}

function placed({ area }: PasteFrame) {
  return { width: area.width, height: area.height, origin: area, border: OUTSIDE };
}
