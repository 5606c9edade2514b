/** The photo engine's `regions` and `cut` under Node: the app's own kernels on pixels decoded by other libraries. */
import { readFileSync } from 'node:fs';
import { decode as decodePng } from 'fast-png';
import { decode as decodeJpeg } from 'jpeg-js';
import type { CropFrame, PhotoId, PhotoInfo, RegionRequest } from '../../src/core/photo';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import type { PhotoEngine } from '../../src/engines/contracts';
import { type Orientation, upright } from '../../src/pixels/upright';
import { pyramidOf, regionOf, warpedRows } from '../../workers/photo/pyramid';
import { referenceRegion, referenceSquare } from '../../workers/photo/reference';
import { makePhoto } from '../fakes/faces';

export interface NodePhoto {
  readonly info: PhotoInfo;
  readonly engine: PhotoEngine;
  /** Upright. */
  readonly picture: Raster<'photo'>;
}

export function openPhoto(path: string, name: string): NodePhoto {
  return photoOf(decode(readFileSync(path)), name);
}

export function photoOf(picture: Raster<'photo'>, name: string): NodePhoto {
  const pyramid = pyramidOf(picture);
  const engine = {
    regions: async (_photo: PhotoId, requests: readonly RegionRequest[]) =>
      requests.map((request) => {
        const { area, widthPx, heightPx, reference } = request;
        if (reference) return referenceRegion(picture, request, reference);
        return regionOf(pyramid, area, widthPx, heightPx);
      }),
    cut: async (_photo: PhotoId, frames: readonly CropFrame[]) =>
      frames.map((frame) => {
        const { sidePx, toPhoto, reference } = frame;
        if (reference) return referenceSquare(picture, frame, reference);
        return warpedRows<'crop', 'photo'>(pyramid, toPhoto, { width: sidePx, top: 0, rows: sidePx });
      }),
  };
  return {
    info: { ...makePhoto(name, picture.width, picture.height), name },
    engine: engine as unknown as PhotoEngine,
    picture,
  };
}

/** As browsers show it. */
export function decode(bytes: Buffer): Raster<'photo'> {
  if (bytes[0] === 0x89) {
    const { width, height, data, channels } = decodePng(bytes);
    const out = raster<'photo'>(width, height);
    for (let i = 0; i < width * height; i += 1) {
      for (let c = 0; c < CHANNELS; c += 1) {
        const grey = channels < 3;
        const opaque = c === 3 && channels % 2 === 1;
        out.data[i * CHANNELS + c] = opaque ? 255 : data[i * channels + (grey ? (c === 3 ? 1 : 0) : c)]!;
      }
    }
    return out;
  }
  const { width, height, data } = decodeJpeg(bytes, {
    maxMemoryUsageInMB: 2048,
    maxResolutionInMP: 200,
    useTArray: true,
  });
  const stored = raster<'photo'>(
    width,
    height,
    new Uint8ClampedArray(data.buffer as ArrayBuffer, data.byteOffset, data.length),
  );
  return upright<'photo'>(stored, orientationOf(bytes));
}

/** EXIF orientation of a JPEG, 1 when it has none. */
function orientationOf(bytes: Buffer): Orientation {
  const start = bytes.indexOf('Exif\0\0', 0, 'latin1') + 6;
  if (start < 6) return 1;
  const little = bytes.toString('latin1', start, start + 2) === 'II';
  const short = (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const first = start + (little ? bytes.readUInt32LE(start + 4) : bytes.readUInt32BE(start + 4));
  for (let i = 0; i < short(first); i += 1) {
    const entry = first + 2 + 12 * i;
    if (short(entry) === 0x0112) return short(entry + 8) as Orientation;
  }
  return 1;
}
