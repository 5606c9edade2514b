/** `face_data.json`: what was found in a photo. Left and right are the subject's own. */
import type { Config } from '../core/config';
import { closedSides, type Face, type Side } from '../core/face';
import { apply, type Point, type Rect, type Space, shift } from '../core/geometry';
import type { KnownPhoto } from './sources';

export interface FaceDataFile {
  readonly timestamp: string;
  readonly image_path: string;
  readonly faces: readonly FaceData[];
}

export interface FaceData {
  readonly face_idx: number;
  /** x1, y1, x2, y2 in upright photo pixels. */
  readonly bbox: Corners;
  /** x, y in upright photo pixels: InsightFace's 106 as it counts them where Buffalo_L looked, else the mesh's 478. */
  readonly landmarks: readonly (readonly [number, number])[];
  /** px² on the 512-px FFHQ square, or of the photo itself in legacy mode. */
  readonly left_eye_polygon_area: number;
  readonly right_eye_polygon_area: number;
  readonly left_eye_closed: boolean;
  readonly right_eye_closed: boolean;
  readonly requires_processing: boolean;
}

export type Corners = readonly [number, number, number, number];

export function faceData(known: KnownPhoto, timestamp: string, config: Config['detection']): FaceDataFile {
  return {
    timestamp,
    image_path: known.photo.name,
    faces: known.faces.map((face) => {
      const area = (side: Side) => Math.round(face.verdicts[side][areaOf(config)]);
      const closed = closedSides(face);
      return {
        face_idx: face.index,
        bbox: cornersOf(face.box),
        landmarks: landmarksOf(face).map(pairOf),
        left_eye_polygon_area: area('left'),
        right_eye_polygon_area: area('right'),
        left_eye_closed: closed.includes('left'),
        right_eye_closed: closed.includes('right'),
        requires_processing: closed.length > 0,
      };
    }),
  };
}

function landmarksOf({ points106, mesh }: Face): readonly Point<'photo'>[] {
  // The reference counts from the centre of the first pixel.
  return points106?.map((p) => apply(shift<'photo', 'photo'>(-0.5, -0.5), p)) ?? mesh.points;
}

export function cornersOf(box: Face['box'] | Rect<Space>): Corners {
  return [
    hundredths(box.x),
    hundredths(box.y),
    hundredths(box.x + box.width),
    hundredths(box.y + box.height),
  ];
}

export function pairOf(p: Point<Space>): readonly [number, number] {
  return [hundredths(p.x), hundredths(p.y)];
}

/** Rounded to 0.01, which is finer than any landmark. */
export function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

function areaOf(config: Config['detection']): 'areaPhotoPx' | 'areaPx512' {
  return config.legacyArea ? 'areaPhotoPx' : 'areaPx512';
}
