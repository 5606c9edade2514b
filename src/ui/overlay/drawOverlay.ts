/**
 * Everything that was measured, drawn over the photo: the one renderer of the stage and of the saved picture.
 * It draws in px of the page; the context's own scale makes them pixels of the canvas.
 */
import type { Config } from '../../core/config';
import type { Face } from '../../core/face';
import { type Affine, apply, boundsOf, type Rect, rect, scaleOf } from '../../core/geometry';
import { faceState } from '../words';
import { type Context, drawFace } from './drawFace';
import { drawPlate, layPlate } from './drawPlate';
import { drawTab, layTab } from './drawTab';
import { LINE_PX } from './lettering';
import { platesOf, titleOf } from './measures';
import type { Palette } from './palette';
import { placePlates } from './placePlates';

type Area = Rect<'view'>;
type Map = Affine<'photo', 'view'>;

export interface OverlayScene {
  readonly faces: readonly Face[];
  readonly detection: Config['detection'];
  /** From the photo to px of the page. */
  readonly map: Map;
  /** The part of the picture that is seen. */
  readonly seen: Area;
  /** The part of it where words may lie. */
  readonly free: Area;
  readonly palette: Palette;
}

/** Landmarks reach beyond the box, by this share of its width at most. */
const OVERHANG = 0.5;

export function drawOverlay(context: Context, scene: OverlayScene): void {
  const { detection, map, seen, free, palette } = scene;
  const shown = scene.faces
    .map((face) => ({ face, box: boxOf(face, map) }))
    .filter(({ box }) => reaches(box, seen))
    .map(({ face, box }) => {
      const title = titleOf(face, box.width);
      const plates = platesOf(face, detection, box.width).map((plate) => layPlate(context, plate, palette));
      const tab = layTab(context, title, box, free, palette);
      // The strip of the tab is part of the box: plates keep off it.
      return { face, box, title, tab, plates, frame: tab ? raised(box) : box };
    });
  const asked = shown.map(({ face, frame, tab, plates }) => ({
    box: frame,
    eyes: eyesArea(face, map),
    tab,
    sizes: plates,
  }));
  for (const { face, box } of shown) drawFace(context, face, box, map, palette);
  for (const { face, title, tab } of shown) {
    if (tab) drawTab(context, title, tab, palette[faceState(face)], palette);
  }
  for (const [i, place] of placePlates(asked, free).entries()) {
    const { plates, frame } = shown[i]!;
    if (place) drawPlate(context, plates[place.size]!, place.area, frame, palette);
  }
}

function boxOf({ box }: Face, map: Map): Area {
  const { x, y } = apply(map, box);
  const scale = scaleOf(map);
  return rect(x, y, box.width * scale, box.height * scale);
}

function reaches({ x, y, width, height }: Area, seen: Area): boolean {
  const more = OVERHANG * width;
  return (
    x - more < seen.x + seen.width &&
    x + width + more > seen.x &&
    y - more < seen.y + seen.height &&
    y + height + more > seen.y
  );
}

function raised({ x, y, width, height }: Area): Area {
  return rect(x, y - LINE_PX, width, height + LINE_PX);
}

const EVERYWHERE = rect<'view'>(-1e6, -1e6, 2e6, 2e6);

function eyesArea({ eyes }: Face, map: Map): Area {
  const points = [...eyes.left.contour, ...eyes.right.contour].map((p) => apply(map, p));
  return boundsOf(points, 0, EVERYWHERE);
}
