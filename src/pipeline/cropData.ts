/** `crop_data.json`: the squares of a run, and the names of the files that show them. */
import { apply, point } from '../core/geometry';
import type { CropFrame } from '../core/photo';
import type { Run } from '../core/run';
import { hundredths, pairOf } from './faceData';

export interface CropData {
  readonly face_idx: number;
  readonly crop_image_path: string;
  readonly left_eye_mask_path: string;
  readonly right_eye_mask_path: string;
  readonly combined_mask_path: string;
  /** Width, height. */
  readonly crop_size: readonly [number, number];
  /** Degrees by which the square lies turned in the photo, clockwise on screen. */
  readonly rotation_angle: number;
  /** Where the square's top-left corner lies in the upright photo, px; may be outside. */
  readonly crop_position: readonly [number, number];
}

export interface CropNames {
  readonly crop: string;
  readonly leftMask: string;
  readonly rightMask: string;
  readonly combinedMask: string;
}

/** One entry for every face that got a square. */
export function cropData(run: Run): readonly CropData[] {
  return run.faces.flatMap(({ face, frame }) => {
    if (!frame) return [];
    const names = cropNames(face.index, run.timestamp);
    return [
      {
        face_idx: face.index,
        crop_image_path: names.crop,
        left_eye_mask_path: names.leftMask,
        right_eye_mask_path: names.rightMask,
        combined_mask_path: names.combinedMask,
        crop_size: [frame.sidePx, frame.sidePx] as const,
        rotation_angle: rotationDegrees(frame),
        crop_position: pairOf(apply(frame.toPhoto, point<'crop'>(0, 0))),
      },
    ];
  });
}

/** @param timestamp the run's, `YYYYMMDD_HHMMSS`. */
export function cropNames(face: number, timestamp: string): CropNames {
  const tail = `${face}_${timestamp}.png`;
  return {
    crop: `face_crop_${face}_${timestamp}_shared.png`,
    leftMask: `face_mask_L_${tail}`,
    rightMask: `face_mask_R_${tail}`,
    combinedMask: `face_mask_${tail}`,
  };
}

function rotationDegrees({ toPhoto }: CropFrame): number {
  return hundredths((Math.atan2(toPhoto.c, toPhoto.a) * 180) / Math.PI);
}
