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
import { drawTab } from './drawTab';
import { LINE_PX } from './lettering';
import { platesOf, titleOf } from './measures';
import type { Palette } from './palette';
import { placePlates } from './placePlates';

export interface OverlayScene {
  readonly faces: readonly Face[];
  readonly detection: Config['detection'];
  /** From the photo to px of the page. */
  readonly map: Affine<'photo', 'view'>;
  /** The part of the picture that is seen: words stay inside. */
  readonly seen: Rect<'view'>;
  readonly palette: Palette;
}

export function drawOverlay(context: Context, { faces, detection, map, seen, palette }: OverlayScene): void {
  const scale = scaleOf(map);
  const boxes = faces.map(({ box }) => {
    const { x, y } = apply(map, box);
    return rect<'view'>(x, y, box.width * scale, box.height * scale);
  });
  const titles = faces.map((face, i) => titleOf(face, boxes[i]!.width));
  // A tab is part of its box: plates keep off it.
  const frames = boxes.map((box, i) => (titles[i] ? tabbed(box) : box));
  const plates = faces.map((face, i) =>
    platesOf(face, detection, boxes[i]!.width).map((plate) => layPlate(context, plate, palette)),
  );
  const given = placePlates(
    faces.map((face, i) => ({ box: frames[i]!, eyes: eyesArea(face, map), sizes: plates[i]! })),
    seen,
  );
  for (const face of faces) drawFace(context, face, map, palette);
  faces.forEach((face, i) => {
    const title = titles[i];
    if (title) drawTab(context, title, boxes[i]!, seen, palette[faceState(face)], palette);
  });
  given.forEach((place, i) => {
    if (place) drawPlate(context, plates[i]![place.size]!, place.area, frames[i]!, palette);
  });
}

function tabbed({ x, y, width, height }: Rect<'view'>): Rect<'view'> {
  return rect(x, y - LINE_PX, width, height + LINE_PX);
}

const EVERYWHERE = rect<'view'>(-1e6, -1e6, 2e6, 2e6);

function eyesArea({ eyes }: Face, map: Affine<'photo', 'view'>): Rect<'view'> {
  const points = [...eyes.left.contour, ...eyes.right.contour].map((p) => apply(map, p));
  return boundsOf(points, 0, EVERYWHERE);
}
