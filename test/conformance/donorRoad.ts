/** The road from a file to opened eyes under Node: real networks, real kernels, no browser. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DEFAULT_CONFIG } from '../../src/core/config';
import type { EyeState, Face, Side } from '../../src/core/face';
import type { Candidate } from '../../src/core/generation';
import type { PhotoInfo, RegionRequest } from '../../src/core/photo';
import { type Raster, raster } from '../../src/core/raster';
import type { Refusal } from '../../src/core/run';
import type { Engines, PhotoEngine } from '../../src/engines/contracts';
import { frameOf } from '../../src/pipeline/crop';
import { findFaces } from '../../src/pipeline/detect';
import { generate } from '../../src/pipeline/generate';
import { identified } from '../../src/pipeline/identity';
import { composite } from '../../src/pixels/composite';
import { resample } from '../../src/pixels/resample';
import { REPLICATE, warpRaster } from '../../src/pixels/warp';
import { rasterAt } from '../../src/pixels/window';
import { generate as openEyes } from '../../workers/donor/generate';
import { blendSquare } from '../../workers/photo/blend';
import { paste } from '../../workers/photo/patch';
import { makePhoto } from '../fakes/faces';
import { openPhoto } from './nodePhotos';
import { nodeVision } from './nodeVision';

const root = resolve(import.meta.dirname, '../..');
export const photosFolder = resolve(root, '../shared/photos');
export const photosPresent = existsSync(resolve(photosFolder, 'labels.json'));

const signal = new AbortController().signal;
const vision = nodeVision();

export interface Opened {
  readonly candidate: Candidate;
  readonly before: Raster<'crop'>;
  readonly after: Raster<'crop'>;
}

export interface Seen {
  readonly info: PhotoInfo;
  readonly engine: PhotoEngine;
  readonly faces: readonly Face[];
}

export async function see(name: string): Promise<Seen> {
  const { info, engine } = openPhoto(resolve(photosFolder, name), name);
  const engines = { photo: engine, vision };
  const found = await findFaces(info, engines, DEFAULT_CONFIG.detection, signal);
  return { info, engine, faces: await identified(info.id, found, engines, signal) };
}

/** All candidates of one face, blended as the photo worker does it. */
export async function openFace(
  self: Seen,
  face: Face,
  sides: readonly Side[],
  others: readonly Seen[],
): Promise<{ readonly opened: readonly Opened[]; readonly refusals: readonly Refusal[] }> {
  const all = [self, ...others];
  const photo: Pick<PhotoEngine, 'cut'> = {
    cut: (id, frames) => all.find((seen) => seen.info.id === id)!.engine.cut(id, frames, signal),
  };
  const donor = {
    generate: (request: Parameters<typeof openEyes>[0]) =>
      openEyes(
        request,
        async () => {},
        () => {},
      ),
  };
  const frame = frameOf(face, DEFAULT_CONFIG.crop);
  const known = (seen: Seen) => ({ photo: seen.info, faces: seen.faces });
  const { candidates, refusals } = await generate(
    { face, sides },
    frame,
    {
      self: known(self),
      choices: [{ face, sides }],
      donors: others.map(known),
      matches: [],
      config: DEFAULT_CONFIG,
    },
    { photo, vision, donor } as unknown as Engines,
    signal,
  );
  const [before] = await self.engine.cut(self.info.id, [frame], signal);
  const opened = candidates.map((candidate) => laidIn(before!, candidate, frame.sidePx));
  return { opened, refusals };
}

/** A candidate in its face square, blended as the photo worker does it. */
export function laidIn(before: Raster<'crop'>, candidate: Candidate, sidePx: number): Opened {
  const { area } = candidate;
  const original = rasterAt(before, area);
  const { pixels, alpha } = blendSquare(original, candidate, sidePx, DEFAULT_CONFIG.blend);
  const after = raster<'crop'>(before.width, before.height, new Uint8ClampedArray(before.data));
  paste(after, composite(original, pixels, alpha), area);
  return { candidate, before, after };
}

/** What the detector says of the eyes in a face square, as if it were a photo of its own. */
export async function verdictOf(square: Raster<'crop'>): Promise<Readonly<Record<Side, EyeState>> | null> {
  const picture = square as Raster<'crop' | 'photo'> as Raster<'photo'>;
  const engine = {
    regions: async (_: string, requests: readonly RegionRequest[]) =>
      requests.map(({ area, widthPx, heightPx }) =>
        resample<'photo', 'view'>(picture, area, widthPx, heightPx),
      ),
    cut: async (_: string, frames: Parameters<PhotoEngine['cut']>[1]) =>
      frames.map(({ sidePx, toPhoto }) =>
        warpRaster<'photo', 'crop'>(picture, toPhoto, {
          width: sidePx,
          height: sidePx,
          border: REPLICATE,
          filter: 'bilinear',
        }),
      ),
  };
  const info = makePhoto('square', square.width, square.height);
  const photo = engine as unknown as PhotoEngine;
  const [face] = await findFaces(info, { photo, vision }, DEFAULT_CONFIG.detection, signal);
  return face ? { left: face.verdicts.left.state, right: face.verdicts.right.state } : null;
}
