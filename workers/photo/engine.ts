import type { EyeMaskShape } from '../../src/core/crop';
import { AppError, asAppError, isAbort } from '../../src/core/errors';
import { apply, boundsOf, compose, point, type Rect, rect, shift } from '../../src/core/geometry';
import type { CropFrame, PhotoId, RegionRequest } from '../../src/core/photo';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import type { PhotoEngine } from '../../src/engines/contracts';
import { uniteMasks } from '../../src/pixels/mask';
import { buffersOf, move } from '../../src/rpc/move';
import { pause } from '../pause';
import { Album } from './album';
import { blendSquare } from './blend';
import { breather } from './breather';
import { writePng } from './formats/pngWriter';
import { openPicture, readPictureHeader } from './open';
import { flatten, type Patch, paste, patchOf } from './patch';
import { type Pyramid, pyramidOf, regionOf, warpedRows } from './pyramid';
import { referenceRegion, referenceSquare } from './reference';
import { fitRestored } from './restored';
import { saved } from './save';
import { viewOf } from './view';

/** Rows of a square warped between two looks at the signal. */
const BLOCK_ROWS = 64;
/** Photo px beyond a square that its warp may read, with the coarsest level of the pyramid it may use. */
const KERNEL_REACH_PX = 64;

/** The worker's methods over one album. */
export function createPhotoEngine(album = new Album()): PhotoEngine {
  return {
    async open(file, name, signal, report) {
      const header = await readPictureHeader(file);
      signal.throwIfAborted();
      report?.(0.1);
      album.expect(header);
      // Never the name of another photo, also not of one that an engine before this one held.
      const id: PhotoId = crypto.randomUUID();
      const { picture, profile, info } = await openPicture(id, file, name, header, signal);
      report?.(0.8);
      const pyramid = pyramidOf(picture.pixels);
      // Nobody would ever close a photo whose opening was cancelled.
      await pause(signal);
      album.add({ info, file, header, profile, patches: new Map() }, pyramid);
      report?.(1);
      return info;
    },

    async view(id, maxSidePx, withFaces, signal) {
      const view = await viewOf(album.photo(id), await album.pixels(id, signal), maxSidePx, withFaces);
      return move(view, [view.bitmap]);
    },

    async regions(id, requests, signal) {
      const pyramid = await album.pixels(id, signal);
      const breathe = breather(signal);
      const regions: Raster<'view'>[] = [];
      for (const request of requests) {
        regions.push(requestedRegion(pyramid, request));
        await breathe();
      }
      return move(regions, buffersOf(regions));
    },

    async cut(id, frames, signal) {
      const pyramid = await album.pixels(id, signal);
      const squares: Raster<'crop'>[] = [];
      for (const frame of frames) squares.push(await cutSquare(pyramid, frame, signal));
      return move(squares, buffersOf(squares));
    },

    async cutPlaced(id, frames, signal) {
      const [picture] = await album.pixels(id, signal);
      const squares: Raster<'crop'>[] = [];
      for (const frame of frames) {
        squares.push(await cutPlacedSquare(picture, album.photo(id).patches.values(), frame, signal));
      }
      return move(squares, buffersOf(squares));
    },

    async blend(id, frame, candidate, settings, signal) {
      const original = await cutArea(await album.pixels(id, signal), frame.toPhoto, candidate.area, signal);
      try {
        const blended = blendSquare(original, candidate, frame.sidePx, settings);
        return move(blended, buffersOf([blended.pixels, blended.alpha]));
      } catch (error) {
        throw isAbort(error) ? error : asAppError(error, 'BLEND_001');
      }
    },

    async place(id, face, frame, square, signal) {
      const photo = album.photo(id);
      signal.throwIfAborted();
      const patch = patchOf(square, frame, photo.info);
      photo.patches.delete(face);
      if (!patch) return { face, area: rect(0, 0, 0, 0) };
      photo.patches.set(face, patch);
      return { face, area: patch.area };
    },

    async fitRestored(id, face, frame, restored, extent, { grainMatch }, signal) {
      const [picture] = await album.pixels(id, signal);
      const { patches } = album.photo(id);
      const seen = await cutPlacedSquare(picture, patches.values(), frame, signal);
      const under = { picture, patches: [...patches.values()], own: patches.get(face) ?? null };
      const laid = fitRestored(under, { frame, seen, ...restored }, extent, grainMatch);
      return laid && move(laid, buffersOf([laid.square.pixels, laid.square.alpha]));
    },

    async undo(id, face) {
      album.photo(id).patches.delete(face);
    },

    async save(id, options, signal, report) {
      const [picture] = await album.pixels(id, signal);
      const result = await saved(album.photo(id), picture, options, signal, report);
      report?.(1);
      return result;
    },

    async encode(squares, signal) {
      const breathe = breather(signal);
      const files: Blob[] = [];
      for (const { width, height, data } of squares) {
        const rows = (y: number, count: number) =>
          data.slice(y * width * CHANNELS, (y + count) * width * CHANNELS);
        files.push(await writePng({ width, height, hasAlpha: false, rows }, [], breathe));
      }
      return files;
    },

    async masks(sidePx, shapes, signal) {
      const breathe = breather(signal);
      const masks: Raster<'crop'>[] = [];
      for (const united of shapes) {
        masks.push(maskPicture(sidePx, united));
        await breathe();
      }
      return move(masks, buffersOf(masks));
    },

    async close(id) {
      album.remove(id);
    },
  };
}

/** @throws bad-request when the area is not inside the photo. */
function requestedRegion(pyramid: Pyramid<'photo'>, request: RegionRequest): Raster<'view'> {
  const { area, widthPx, heightPx, reference } = request;
  try {
    if (reference) return referenceRegion(pyramid[0], request, reference);
    return regionOf(pyramid, area, widthPx, heightPx);
  } catch (error) {
    throw new AppError('bad-request', String(error), {}, { cause: error });
  }
}

async function cutSquare(
  pyramid: Pyramid<'photo'>,
  frame: CropFrame,
  signal: AbortSignal,
): Promise<Raster<'crop'>> {
  const { sidePx, toPhoto, part, reference } = frame;
  if (reference) return referenceSquare(pyramid[0], frame, reference);
  if (!part) return cutArea(pyramid, toPhoto, rect(0, 0, sidePx, sidePx), signal);
  const square = raster<'crop'>(sidePx, sidePx);
  paste(square, await cutArea(pyramid, toPhoto, part, signal), part);
  return square;
}

/** A part of a square. */
async function cutArea(
  pyramid: Pyramid<'photo'>,
  toPhoto: CropFrame['toPhoto'],
  { x, y, width, height }: Rect<'crop'>,
  signal: AbortSignal,
): Promise<Raster<'crop'>> {
  const part = raster<'crop'>(width, height);
  const fromPart = compose(shift<'crop', 'crop'>(x, y), toPhoto);
  const breathe = breather(signal);
  for (let top = 0; top < height; top += BLOCK_ROWS) {
    const rows = Math.min(BLOCK_ROWS, height - top);
    const block = warpedRows(pyramid, fromPart, { width, top, rows });
    part.data.set(block.data, top * width * CHANNELS);
    await breathe();
  }
  return part;
}

/** The square of `picture` with `patches` laid on: only the part of the photo that the square shows is flattened. */
async function cutPlacedSquare(
  picture: Raster<'photo'>,
  patches: Iterable<Patch>,
  frame: CropFrame,
  signal: AbortSignal,
): Promise<Raster<'crop'>> {
  const { sidePx, toPhoto } = frame;
  const corners = [
    point<'crop'>(0, 0),
    point<'crop'>(sidePx, 0),
    point<'crop'>(0, sidePx),
    point<'crop'>(sidePx, sidePx),
  ];
  const whole = rect<'photo'>(0, 0, picture.width, picture.height);
  const seen = boundsOf(
    corners.map((corner) => apply(toPhoto, corner)),
    KERNEL_REACH_PX,
    whole,
  );
  const { x, y, width, height } = seen;
  if (width === 0 || height === 0) return cutSquare([picture], frame, signal);
  const part = pyramidOf(flatten(picture, patches, seen));
  return cutSquare(part, { ...frame, toPhoto: compose(toPhoto, shift<'photo', 'photo'>(-x, -y)) }, signal);
}

/** White on black; the union is the larger of the shapes' values. */
function maskPicture(sidePx: number, shapes: readonly EyeMaskShape<'crop'>[]): Raster<'crop'> {
  const picture = raster<'crop'>(sidePx, sidePx);
  const mask = uniteMasks(shapes, sidePx, sidePx);
  for (let pixel = 0; pixel < sidePx * sidePx; pixel += 1) {
    picture.data.fill(255 * mask.data[pixel]!, pixel * CHANNELS, pixel * CHANNELS + 3);
    picture.data[pixel * CHANNELS + 3] = 255;
  }
  return picture;
}
