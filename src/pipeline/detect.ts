/**
 * Stage 1: every face of a photo with its landmarks and eye verdicts.
 * STUB: the vision owner writes this file (view and tiles from the photo engine → detect → merge →
 * quarter turns when nothing is found → landmarks at each face's own scale → verdicts).
 */
import type { Config } from '../core/config';
import type { Face } from '../core/face';
import type { PhotoInfo } from '../core/photo';
import type { Engines } from '../engines/contracts';

/**
 * @returns faces in reading order, `index` = position; empty when there is none.
 * @throws AppError FACE_DET_001 when a network failed; AbortError.
 */
export async function findFaces(
  photo: PhotoInfo,
  engines: Pick<Engines, 'photo' | 'vision'>,
  config: Config['detection'],
  signal: AbortSignal,
): Promise<readonly Face[]> {
  throw new Error(
    `not written yet ${photo.id} ${Object.keys(engines).length} ${config.detector} ${signal.aborted}`,
  );
}
