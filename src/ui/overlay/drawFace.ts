/** The lines and points of one face: box, landmarks, lid rings, irises, brows. */
import { type EyeShape, type Face, SIDES } from '../../core/face';
import { type Affine, apply, type Point, type Rect, scaleOf } from '../../core/geometry';
import { clamp } from '../../core/units';
import { faceState } from '../words';
import { densePoints } from './measures';
import { HALO, LIGHT, type Palette } from './palette';

export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
type Map = Affine<'photo', 'view'>;

/** A box narrower than this has no room for landmarks: they would be a white patch. They come up as it grows. */
const DOTS_FROM_PX = 40;
const DOTS_WHOLE_PX = 120;
/** A box narrower than this has eyes of a few pixels: their rings alone are drawn, and without a halo. */
const EYE_PARTS_FROM_PX = 30;
/** Box width at which lines have their full width. */
const FULL_PEN_PX = 110;
/** Of the detector's own five points, to tell them from the landmarks. */
const DETECTOR = '#9cc4ff';
const WHOLE = 2 * Math.PI;

/** @param box of the face, where it is drawn */
export function drawFace(context: Context, face: Face, box: Rect<'view'>, map: Map, palette: Palette): void {
  const widthPx = box.width;
  const pen = clamp(widthPx / FULL_PEN_PX, 0.55, 1);
  drawBox(context, box, pen, palette[faceState(face)]);
  if (widthPx >= DOTS_FROM_PX) {
    context.globalAlpha = clamp((widthPx - DOTS_FROM_PX) / (DOTS_WHOLE_PX - DOTS_FROM_PX), 0.15, 1);
    drawDots(context, densePoints(face), map, clamp(widthPx / 260, 0.4, 1.3));
    context.globalAlpha = 1;
    for (const p of face.points) drawMark(context, apply(map, p), 2.4 * pen, DETECTOR);
  }
  const draw = widthPx < EYE_PARTS_FROM_PX ? drawRing : drawEye;
  for (const side of SIDES) draw(context, face.eyes[side], map, pen, palette[face.verdicts[side].state]);
}

function drawBox(context: Context, { x, y, width, height }: Rect<'view'>, pen: number, colour: string): void {
  context.beginPath();
  context.roundRect(x, y, width, height, 3 * pen ** 2);
  drawLine(context, 1.6 * pen, colour);
}

/** Small squares: a circle would cost ten times as much, and a crowd has fifteen thousand points. */
function drawDots(context: Context, points: readonly Point<'photo'>[], map: Map, radius: number): void {
  const at = points.map((p) => apply(map, p));
  for (const [halfPx, colour] of [
    [radius + 0.5, 'rgb(20 16 12 / 38%)'],
    [radius, 'rgb(255 255 255 / 82%)'],
  ] as const) {
    context.beginPath();
    for (const { x, y } of at) context.rect(x - halfPx, y - halfPx, 2 * halfPx, 2 * halfPx);
    context.fillStyle = colour;
    context.fill();
  }
}

function drawEye(context: Context, eye: EyeShape<'photo'>, map: Map, pen: number, colour: string): void {
  trace(context, eye.brow, map);
  drawLine(context, 1.2 * pen, colour);
  trace(context, eye.contour, map);
  context.closePath();
  context.globalAlpha = 0.25;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = 1;
  drawLine(context, 1.4 * pen, colour);
  if (eye.iris) {
    const { x, y } = apply(map, eye.iris.centre);
    context.beginPath();
    context.arc(x, y, eye.iris.radiusPx * scaleOf(map), 0, WHOLE);
    drawLine(context, 0.9 * pen, LIGHT);
  }
  for (const corner of eye.corners) drawMark(context, apply(map, corner), 1.9 * pen, colour);
}

function drawRing(
  context: Context,
  { contour }: EyeShape<'photo'>,
  map: Map,
  pen: number,
  colour: string,
): void {
  trace(context, contour, map);
  context.closePath();
  context.lineWidth = pen;
  context.strokeStyle = colour;
  context.stroke();
}

function trace(context: Context, points: readonly Point<'photo'>[], map: Map): void {
  context.beginPath();
  for (const p of points) {
    const { x, y } = apply(map, p);
    context.lineTo(x, y);
  }
}

/** Strokes the path that is there. */
function drawLine(context: Context, width: number, colour: string): void {
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.lineWidth = 2 * width + 0.2;
  context.strokeStyle = HALO;
  context.stroke();
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
}

function drawMark(context: Context, { x, y }: Point<'view'>, radius: number, colour: string): void {
  context.beginPath();
  context.arc(x, y, radius, 0, WHOLE);
  context.lineWidth = 1.4;
  context.strokeStyle = HALO;
  context.stroke();
  context.fillStyle = colour;
  context.fill();
}
