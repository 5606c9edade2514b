/** The photo engine's `regions` and `cut` under Node: the app's own kernels on pixels decoded by other libraries. */
import { readFileSync } from 'node:fs';
import { decode as decodePng } from 'fast-png';
import { decode as decodeJpeg } from 'jpeg-js';
import { compose, scaleOf, scaling } from '../../src/core/geometry';
import type { CropFrame, PhotoId, PhotoInfo, RegionRequest } from '../../src/core/photo';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import type { PhotoEngine } from '../../src/engines/contracts';
import { halve } from '../../src/pixels/halve';
import { resample } from '../../src/pixels/resample';
import { type Orientation, upright } from '../../src/pixels/upright';
import { REPLICATE, warpRaster } from '../../src/pixels/warp';
import { makePhoto } from '../fakes/faces';

export interface NodePhoto {
  readonly info: PhotoInfo;
  readonly engine: PhotoEngine;
}

export function openPhoto(path: string, name: string): NodePhoto {
  const picture = decode(readFileSync(path));
  const levels: Raster<'photo'>[] = [picture];
  /** The smallest level that still has every pixel the map asks for. */
  const levelFor = (photoPxPerPixel: number) => {
    const depth = Math.max(0, Math.floor(Math.log2(photoPxPerPixel)));
    while (levels.length <= depth) levels.push(halve(levels.at(-1)!));
    return { pixels: levels[depth]!, scale: 1 / 2 ** depth };
  };
  const engine = {
    regions: async (_photo: PhotoId, requests: readonly RegionRequest[]) =>
      requests.map(({ area, widthPx, heightPx }) =>
        resample<'photo', 'view'>(picture, area, widthPx, heightPx),
      ),
    cut: async (_photo: PhotoId, frames: readonly CropFrame[]) =>
      frames.map(({ sidePx, toPhoto }) => {
        const { pixels, scale } = levelFor(scaleOf(toPhoto));
        return warpRaster<'photo', 'crop'>(
          pixels,
          compose(toPhoto, scaling<'photo', 'photo'>(scale, scale)),
          {
            width: sidePx,
            height: sidePx,
            border: REPLICATE,
            filter: 'bilinear',
          },
        );
      }),
  };
  return {
    info: { ...makePhoto(name, picture.width, picture.height), name },
    engine: engine as unknown as PhotoEngine,
  };
}

function decode(bytes: Buffer): Raster<'photo'> {
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
