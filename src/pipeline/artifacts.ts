/**
 * The verbose record of a run as one zip: squares, masks, candidates, blends, JSON, timings. Nothing of it
 * is kept during a run: squares are cut from the untouched original again, the rest is in the `Run`.
 */
import { type Config, formatConfig } from '../core/config';
import type { Face, Side } from '../core/face';
import type { Raster } from '../core/raster';
import type { FaceRun, Run } from '../core/run';
import type { PhotoEngine } from '../engines/contracts';
import { maskShapes } from './crop';
import { cropData, cropNames } from './cropData';
import { faceData } from './faceData';
import { faceRecords } from './runRecord';
import { settingsOf, stageTiming } from './saving';
import type { KnownPhoto } from './sources';
import { type NamedFile, zip } from './zip';

/**
 * @param after the faces found in the saved file; null: nothing was saved yet
 * @throws AppError from the photo engine; AbortError.
 */
export async function verboseZip(
  run: Run,
  known: KnownPhoto,
  { output }: Config,
  photo: PhotoEngine,
  signal: AbortSignal,
  after: readonly Face[] | null = null,
): Promise<Blob> {
  const config = settingsOf(run, output);
  const pictures: NamedFile[] = [];
  for (const faceRun of run.faces) {
    pictures.push(...(await picturesOf(faceRun, run, config, photo, signal)));
  }
  return zip([...textsOf(run, known, config, after), ...pictures], signal);
}

function textsOf(
  run: Run,
  known: KnownPhoto,
  config: Config,
  after: readonly Face[] | null,
): readonly NamedFile[] {
  const record = {
    run_id: run.id,
    timestamp: run.timestamp,
    photos: [
      { input: known.photo.name, output: null, error: null, faces: faceRecords(known.faces, run, after) },
    ],
  };
  return [
    { name: 'face_data.json', body: json(faceData(known, run.timestamp, config.detection)) },
    { name: 'crop_data.json', body: json(cropData(run)) },
    { name: 'run.json', body: json(record) },
    { name: 'timings.json', body: json(stageTiming(run)) },
    { name: 'config.json', body: `${formatConfig(config)}\n` },
  ];
}

async function picturesOf(
  { face, frame, sides, candidates }: FaceRun,
  run: Run,
  config: Config,
  photo: PhotoEngine,
  signal: AbortSignal,
): Promise<readonly NamedFile[]> {
  if (!frame) return [];
  const shapes = maskShapes(face, frame, config.crop);
  // An eye that stays as it is has an empty mask.
  const masked = (side: Side) => (sides.includes(side) ? [shapes[side]] : []);
  const masks = [masked('left'), masked('right'), sides.map((side) => shapes[side])];
  const names = cropNames(face.index, run.timestamp);
  const rasters: readonly Raster<'crop'>[] = [
    ...(await photo.cut(run.photo, [frame], signal)),
    ...(await photo.masks(frame.sidePx, masks, signal)),
    ...candidates.flatMap(({ candidate, blended }) => [candidate.pixels, blended.pixels]),
  ];
  const fileNames = [
    names.crop,
    names.leftMask,
    names.rightMask,
    names.combinedMask,
    ...candidates.flatMap((_, i) => {
      const tail = `${face.index}_${run.timestamp}_${i}.png`;
      return [`face_candidate_${tail}`, `face_blend_${tail}`];
    }),
  ];
  const files = await photo.encode(rasters, signal);
  return files.map((body, i) => ({ name: fileNames[i]!, body }));
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
