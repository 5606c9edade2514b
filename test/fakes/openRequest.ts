/** A drawn face with shut eyes, as the built-in network is asked to open it. */
import { movedMask } from '../../src/core/crop';
import { movedEye } from '../../src/core/face';
import { type Affine, compose, invert, rect, type Space, scaling } from '../../src/core/geometry';
import { type OpenRequest, PERSON_SIDE_PX, STRIP, toStrip } from '../../src/core/opening';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import { REPLICATE, warpRaster } from '../../src/pixels/warp';
import { DRAWN, drawFace, drawnMasks } from './drawnFace';

const SHUT = { ...DRAWN, left: 'closed', right: 'closed' } as const;

/** @param changed what differs from both eyes, a colour that is not told, and seeds 42 to 44. @param grey black and white */
export function drawnRequest(changed: Partial<OpenRequest> = {}, grey = false): OpenRequest {
  const drawn = drawFace<'crop'>(SHUT);
  const square = grey ? withoutColour(drawn.pixels) : drawn.pixels;
  const masks = drawnMasks(drawn);
  const intoStrip = toStrip(drawFace<'photo'>(SHUT).eyes) as Affine<Space, 'strip'> as Affine<
    'crop',
    'strip'
  >;
  const toCrop = invert(intoStrip);
  const perCropPx = PERSON_SIDE_PX / SHUT.sidePx;
  const toPerson = scaling<'crop', 'view'>(perCropPx, perCropPx);
  const cut = <S extends Space>(fromTarget: Affine<S, 'crop'>, sidePx: number): Raster<S> =>
    warpRaster(square, fromTarget, { width: sidePx, height: sidePx, border: REPLICATE, filter: 'bicubic' });
  const head = cut(invert(toPerson), PERSON_SIDE_PX);
  return {
    photoName: 'drawn.png',
    sides: ['right', 'left'],
    openSide: null,
    square,
    area: rect(60, 110, 210, 70),
    masks,
    toCrop,
    strip: {
      pixels: cut(toCrop, STRIP.widthPx),
      eyes: {
        left: movedEye(drawn.eyes.left, intoStrip),
        right: movedEye(drawn.eyes.right, intoStrip),
      },
      masks: { left: movedMask(masks.left, intoStrip), right: movedMask(masks.right, intoStrip) },
    },
    person: { pixels: grey ? head : withSky(head), fromStrip: compose(toCrop, toPerson) },
    pose: { yawRad: 0.07, pitchRad: -0.04 },
    iris: null,
    openness: 1,
    seeds: [42, 43, 44],
    ...changed,
  };
}

/** Skin alone could be that of a sepia photo. */
function withSky(head: Raster<'view'>): Raster<'view'> {
  for (let i = 0; i < 20 * head.width * CHANNELS; i += CHANNELS) head.data.set([90, 130, 200, 255], i);
  return head;
}

function withoutColour({ width, height, data }: Raster<'crop'>): Raster<'crop'> {
  const grey = raster<'crop'>(width, height);
  for (let i = 0; i < data.length; i += CHANNELS) {
    grey.data.fill(data[i + 1]!, i, i + 3);
    grey.data[i + 3] = 255;
  }
  return grey;
}
