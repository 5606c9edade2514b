/** Who a face is: the chip that dlib's network wants of it, and the numbers it gives back. */
import { type Face, type Identity, isTraced } from '../core/face';
import { invert, type Point, similarity } from '../core/geometry';
import type { CropFrame, PhotoId } from '../core/photo';
import type { Engines } from '../engines/contracts';
import { inBatches } from './batches';
import { faceSizePx } from './resemblance';

/** dlib's chip for its recognition network: side in px, and margin on each side in widths of the face. */
const CHIP_SIDE_PX = 150;
const CHIP_PADDING = 0.25;
/**
 * Mean face of dlib's `get_face_chip_details`, 0..1, in image order: outer and inner corner of the eye at
 * image-left, inner and outer corner at image-right, base of the nose.
 */
const MEAN_FACE: readonly Point<'crop'>[] = [
  { x: 0.1205750620789, y: 0.2137274526848 },
  { x: 0.3340850613712, y: 0.2290642403242 },
  { x: 0.6460604764104, y: 0.2289674387677 },
  { x: 0.8595674595992, y: 0.2134981538014 },
  { x: 0.4901123135679, y: 0.6277975316475 },
];
/** Where nose and lip meet, in both MediaPipe layouts. */
const NOSE_BASE = 2;
/** Eye distance in photo px: strangers of 16–22 px came as near as 0.38, from 24 px on (brothers aside) none below 0.5. */
const SMALLEST_EYE_DISTANCE_PX = 24;
/** Farther aside the chip shows half a face; profiles came as near as 0.43. */
const LARGEST_YAW_RAD = 0.6;

/**
 * The faces, each with its `identity`; those that have one already are taken as they are.
 * @throws AppError FACE_DET_001, AbortError.
 */
export async function identified(
  photo: PhotoId,
  faces: readonly Face[],
  engines: Pick<Engines, 'photo' | 'vision'>,
  signal: AbortSignal,
): Promise<readonly Face[]> {
  const clear = faces.filter((face) => face.identity === undefined && canTell(face));
  const identities = await inBatches(clear, async (some) =>
    engines.vision.identify(await engines.photo.cut(photo, some.map(chipFrame), signal), signal),
  );
  const found = new Map<Face, Identity>(clear.map((face, i) => [face, identities[i]!]));
  return faces.map((face) =>
    face.identity === undefined ? { ...face, identity: found.get(face) ?? null } : face,
  );
}

/** dlib's face chip: the similarity that takes eye corners and nose base to the mean face. */
export function chipFrame(face: Face): CropFrame {
  const { left, right } = face.eyes;
  const nose = face.mesh.points[NOSE_BASE]!;
  const mean = MEAN_FACE.map(({ x, y }) => ({ x: inChip(x), y: inChip(y) }));
  const toCrop = similarity<'photo', 'crop'>([...right.corners, ...left.corners, nose], mean);
  return { sidePx: CHIP_SIDE_PX, toCrop, toPhoto: invert(toCrop) };
}

/** Euclidean distance of two identities. */
export function identityGap(a: Identity, b: Identity): number {
  return Math.hypot(...a.map((value, i) => value - b[i]!));
}

function inChip(share: number): number {
  return (CHIP_SIDE_PX * (CHIP_PADDING + share)) / (2 * CHIP_PADDING + 1);
}

function canTell(face: Face): boolean {
  const frontal = isTraced(face.mesh) && Math.abs(face.pose.yawRad) <= LARGEST_YAW_RAD;
  return frontal && faceSizePx(face) >= SMALLEST_EYE_DISTANCE_PX;
}
