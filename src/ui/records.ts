/** What a run leaves for people who look closer: JSON files and the verbose archive. Loaded on demand. */
import type { Config } from '../core/config';
import type { Run } from '../core/run';
import type { PhotoEngine } from '../engines/contracts';
import { json, verboseZip } from '../pipeline/artifacts';
import { cropData } from '../pipeline/cropData';
import { faceData } from '../pipeline/faceData';
import type { KnownPhoto } from '../pipeline/sources';

export type RecordKind = 'face_data' | 'crop_data' | 'everything';

/** @throws AppError from the photo engine; AbortError. */
export async function recordOf(
  kind: RecordKind,
  run: Run,
  known: KnownPhoto,
  config: Config,
  photo: PhotoEngine,
  signal: AbortSignal,
): Promise<File> {
  switch (kind) {
    case 'face_data':
      return jsonFile('face_data.json', faceData(known, run.timestamp, config.detection));
    case 'crop_data':
      return jsonFile('crop_data.json', cropData(run));
    case 'everything': {
      const archive = await verboseZip({ ...run, photo: known.photo.id }, known, config, photo, signal);
      return new File([archive], `open_the_eyes_${run.timestamp}.zip`, { type: 'application/zip' });
    }
  }
}

function jsonFile(name: string, value: unknown): File {
  return new File([json(value)], name, { type: 'application/json' });
}
