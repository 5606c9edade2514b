/** InsightFace's 106 points of found faces: its squares, and where the eyes are in its order ("ordered by point names"). */
import { type Detection, type EyeShape, type FaceMesh, isTraced, type Side } from '../core/face';
import { apply, type Point, type Space } from '../core/geometry';
import type { Device } from '../core/look';
import type { CropFrame } from '../core/photo';
import type { Raster } from '../core/raster';
import type { VisionEngine } from '../engines/contracts';
import { inBatches } from './batches';
import { cornersOf, eyeShape } from './landmarks';
import { squareFrame } from './trace';

/** Rings run clockwise on screen from the corner at image-left, upper lid first. Brows: their lower edge. */
export const EYES_106: Readonly<
  Record<Side, { readonly ring: readonly number[]; readonly brow: readonly number[] }>
> = {
  right: { ring: [35, 41, 40, 42, 39, 37, 33, 36], brow: [43, 44, 45, 47, 46] },
  left: { ring: [89, 95, 94, 96, 93, 91, 87, 90], brow: [97, 98, 99, 100, 101] },
};

const SIDE_PX = 192;
/** What the reference sees outside the photo. */
const BLACK = { red: 0, green: 0, blue: 0 };
/** Side of the square in box sides. */
const BOX_MARGIN = 1.5;
/** The reference never turns its square. Heads tilted further get one that is: the network is lost there. */
const LARGEST_TILT_RAD = Math.PI / 6;

type Place = Pick<Detection<'photo'>, 'box' | 'points'>;

/** 106 points a face, in order. @param cut squares of the photo, as it is or as it looks now */
export async function points106Of(
  faces: readonly Place[],
  cut: (frames: readonly CropFrame[]) => Promise<readonly Raster<'crop'>[]>,
  device: Device,
  vision: VisionEngine,
  signal: AbortSignal,
): Promise<readonly (readonly Point<'photo'>[])[]> {
  return inBatches(faces.map(frame106), async (some) => {
    const found = await vision.points106(await cut(some), device, signal);
    return found.map((points, i) => points.map((p) => apply(some[i]!.toPhoto, p)));
  });
}

/**
 * The square of `face_align.transform`: 1.5 box sides round the box's middle. It counts from the centre of the first
 * pixel, and in float32.
 */
export function frame106({ box, points }: Place): CropFrame {
  const [left, right] = points;
  const tiltRad = Math.atan2(right.y - left.y, right.x - left.x);
  const { fround } = Math;
  const scale = fround(SIDE_PX / fround(fround(Math.max(box.width, box.height)) * BOX_MARGIN));
  const middle = (start: number, length: number) => fround(fround(start + start + length) / 2);
  // Its centre lies on the centre of the pixel right and below of the square's own.
  const shiftPx = 0.5 - 0.5 / scale;
  const centre = { x: middle(box.x, box.width) + shiftPx, y: middle(box.y, box.height) + shiftPx };
  const turnRad = Math.abs(tiltRad) > LARGEST_TILT_RAD ? tiltRad : 0;
  return { ...squareFrame(centre, SIDE_PX / scale, turnRad, SIDE_PX), reference: BLACK };
}

/** The eyes by the 106 points; irises by the mesh, where it traced a face. */
export function eyes106<S extends Space>(
  points: readonly Point<S>[],
  mesh: FaceMesh<S>,
): Readonly<Record<Side, EyeShape<S>>> {
  const eye = (side: Side): EyeShape<S> => {
    const { ring, brow } = EYES_106[side];
    const contour = ring.map((index) => points[index]!);
    return {
      contour,
      corners: cornersOf(contour),
      iris: isTraced(mesh) ? eyeShape(mesh, side).iris : null,
      brow: brow.map((index) => points[index]!),
    };
  };
  return { left: eye('left'), right: eye('right') };
}
