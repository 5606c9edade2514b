/** The colour of a person's eyes, as an open one of theirs shows it. */
import type { Rgb } from '../core/colour';
import { type EyeShape, type Face, movedEye, SIDES, type Side } from '../core/face';
import { boundsOf, distance, rect, type Space } from '../core/geometry';
import { type EyeColours, LEAST_IRIS_RADIUS_PX } from '../core/painting';
import type { CropFrame } from '../core/photo';
import type { Raster } from '../core/raster';
import type { Engines, VisionEngine } from '../engines/contracts';
import { frameOf } from './crop';
import { colourOfIris, type IrisName, irisName } from './irisName';
import type { RunRequest } from './request';
import { donorsFor } from './sources';

export interface IrisFound {
  readonly colour: Rgb;
  readonly name: IrisName;
}

/** Side of the face squares that are looked at, px: an iris is about 45 px wide in them. */
const SQUARE_SIDE_PX = 1024;
/** Round the eye, in its widths. */
const ROUND_EYE = 0.3;
/** More photos of the person cost time, and rarely tell more. */
const MOST_FACES = 3;

/**
 * A person's word first, then the face's own open eye, then the same person in other photos; null: nothing tells.
 * @throws AbortError, and as the engines
 */
export async function irisOf(
  face: Face,
  sides: readonly Side[],
  { self, donors, matches, paintWishes }: Pick<RunRequest, 'self' | 'donors' | 'matches' | 'paintWishes'>,
  engines: Engines,
  signal: AbortSignal,
): Promise<IrisFound | null> {
  const said = paintWishes?.get(face.index)?.iris;
  if (said) return { name: said, colour: colourOfIris(said) };
  for (const { kind, photo, face: source } of donorsFor(face, sides, self, donors, matches).slice(
    0,
    MOST_FACES,
  )) {
    const open = SIDES.filter(
      (side) => source.verdicts[side].state === 'open' && !(kind === 'other-eye' && sides.includes(side)),
    );
    for (const side of open) {
      // The square that is cut is larger than a small face, and shows no more of it.
      if ((source.eyes[side].iris?.radiusPx ?? 0) < LEAST_IRIS_RADIUS_PX) continue;
      const cut = (frames: readonly CropFrame[]) => engines.photo.cut(photo.id, frames, signal);
      const colours = await coloursOf(source, side, cut, engines.vision, signal);
      if (colours) return { colour: colours.iris, name: irisName(colours.iris, colours.sclera) };
    }
  }
  return null;
}

/** @param cut squares of the photo, as it is or as it looks now */
export async function coloursOf(
  face: Pick<Face, 'index' | 'points' | 'eyes'>,
  side: Side,
  cut: (frames: readonly CropFrame[]) => Promise<readonly Raster<'crop'>[]>,
  vision: VisionEngine,
  signal: AbortSignal,
): Promise<EyeColours | null> {
  const frame = frameOf(face, { cropOutputSize: SQUARE_SIDE_PX, useLargerEye: false });
  const eye = movedEye(face.eyes[side], frame.toCrop);
  const marginPx = ROUND_EYE * distance(...eye.corners);
  const whole = rect<'crop'>(0, 0, frame.sidePx, frame.sidePx);
  const part = boundsOf([...eye.contour, ...eye.corners], marginPx, whole);
  if (!part.width || !part.height) return null;
  const [square] = await cut([{ ...frame, part }]);
  // Whatever face is worked on, this square is one of its own.
  const source = square as Raster<Space> as Raster<'source'>;
  return await vision.eyeColours(source, eye as EyeShape<Space> as EyeShape<'source'>, signal);
}
