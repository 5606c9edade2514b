/** Stage `generate` for faces without eyes to borrow: the network that the app ships makes some, from the face alone. */

import type { Config } from '../core/config';
import type { EyeMaskShape } from '../core/crop';
import { unlessAborted } from '../core/errors';
import { type EyeShape, type Face, movedEye, SIDES, type Side } from '../core/face';
import type { Candidate } from '../core/generation';
import { type Affine, boundsOf, compose, invert, point, type Rect, rect, type Space } from '../core/geometry';
import { type OpenRequest, STRIP, toStrip } from '../core/opening';
import type { CropFrame } from '../core/photo';
import type { Raster } from '../core/raster';
import type { Choice } from '../core/run';
import type { Engines } from '../engines/contracts';
import { maskShapes } from './crop';
import { irisOf } from './irisOf';
import type { RunRequest } from './request';
import { meshFrame } from './trace';

/** Round masks and brows, in sides of the square: what the new eyes are to match. */
const ROUND_EYES = 0.02;
const SEEDS = 2 ** 32;

/** Candidates in the order of their seeds. @throws AppError as `OpenerEngine.open`; AbortError */
export async function openFace(
  choice: Choice,
  frame: CropFrame,
  request: RunRequest,
  engines: Engines,
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const { face, sides } = choice;
  const { self, config } = request;
  const wish = { ...config.generation, ...request.openWishes?.get(face.index) };
  // What is not known becomes dark brown; that is no reason not to open.
  const found = wish.iris
    ? null
    : await irisOf(face, sides, request, engines, signal).catch(unlessAborted(null));
  const masks = maskShapes(face, frame, config.crop);
  const part = roundEyes(
    sides.map((side) => masks[side]),
    frame.sidePx,
  );
  const inStrip = stripFrame(face);
  const inPerson = meshFrame(face.mesh);
  const toPhoto = inStrip.toPhoto as Affine<Space, 'photo'> as Affine<'strip', 'photo'>;
  const frames = [{ ...frame, part }, inStrip, inPerson];
  const [square, strip, person] = await engines.photo.cut(self.photo.id, frames, signal);
  return await engines.opener.open(
    {
      photoName: self.photo.name,
      sides,
      openSide: SIDES.find((side) => !sides.includes(side) && face.verdicts[side].state === 'open') ?? null,
      square: square!,
      area: part,
      masks,
      toCrop: compose(toPhoto, frame.toCrop),
      strip: stripOf(strip!, face, inStrip, config.crop),
      person: {
        pixels: person! as Raster<Space> as Raster<'view'>,
        fromStrip: compose(toPhoto, inPerson.toCrop) as Affine<'strip', Space> as Affine<'strip', 'view'>,
      },
      pose: face.pose,
      iris: wish.iris ?? found?.colour ?? null,
      openness: wish.openness,
      seeds: Array.from({ length: Math.max(1, wish.numVariations) }, (_, i) => (wish.seed + i) % SEEDS),
    },
    signal,
  );
}

/** A square with the strip at its top. */
function stripFrame({ eyes }: Face): CropFrame {
  const toCrop = toStrip(eyes) as Affine<'photo', Space> as Affine<'photo', 'crop'>;
  const part = rect<'crop'>(0, 0, STRIP.widthPx, STRIP.heightPx);
  return { sidePx: STRIP.widthPx, toCrop, toPhoto: invert(toCrop), part };
}

function stripOf(
  square: Raster<'crop'>,
  face: Face,
  frame: CropFrame,
  config: Config['crop'],
): OpenRequest['strip'] {
  const eye = (side: Side) => movedEye<'photo', Space>(face.eyes[side], frame.toCrop) as EyeShape<'strip'>;
  const masks: Readonly<Record<Side, EyeMaskShape<Space>>> = maskShapes(face, frame, config);
  return {
    pixels: square as Raster<Space> as Raster<'strip'>,
    eyes: { left: eye('left'), right: eye('right') },
    masks: masks as Readonly<Record<Side, EyeMaskShape<'strip'>>>,
  };
}

function roundEyes(masks: readonly EyeMaskShape<'crop'>[], sidePx: number): Rect<'crop'> {
  const reach = masks.flatMap(({ centre, halfWidthPx, contour, dilatePx, brow }) => {
    const px = Math.max(halfWidthPx, dilatePx);
    const round = [centre, ...contour].flatMap(({ x, y }) => [
      point<'crop'>(x - px, y - px),
      point<'crop'>(x + px, y + px),
    ]);
    return [...round, ...brow];
  });
  return boundsOf(reach, ROUND_EYES * sidePx, rect<'crop'>(0, 0, sidePx, sidePx));
}
