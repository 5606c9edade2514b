/** Eye mask shapes as planes. */
import type { EyeMaskShape } from '../core/crop';
import { boundsOf, type Point, point, type Rect, rect, type Space } from '../core/geometry';
import { type Plane, plane } from '../core/raster';
import { clamp } from '../core/units';

/**
 * Rotated ellipse united with the lid ring grown by `dilatePx`, cut off at the brow.
 * 1 inside, 0 outside, edges anti-aliased over one pixel.
 */
export function rasteriseMask(shape: EyeMaskShape<Space>, width: number, height: number): Plane<'0..1'> {
  const mask = plane<'0..1'>(width, height);
  const area = maskBounds(shape, rect(0, 0, width, height));
  for (let y = area.y; y < area.y + area.height; y++) {
    for (let x = area.x; x < area.x + area.width; x++) {
      const insidePx = maskDepthPx(shape, x + 0.5, y + 0.5);
      mask.data[y * width + x] = clamp(insidePx + 0.5, 0, 1);
    }
  }
  return mask;
}

/** Several shapes in one mask: the largest value of each pixel. */
export function uniteMasks<S extends Space>(
  shapes: readonly EyeMaskShape<S>[],
  width: number,
  height: number,
): Plane<'0..1'> {
  const united = plane<'0..1'>(width, height);
  for (const shape of shapes) {
    const { data } = rasteriseMask(shape, width, height);
    for (let i = 0; i < data.length; i++) if (data[i]! > united.data[i]!) united.data[i] = data[i]!;
  }
  return united;
}

/** Every pixel outside is 0 in the rasterised mask. */
export function maskBounds<S extends Space>(shape: EyeMaskShape<S>, within: Rect<S>): Rect<S> {
  const reachPx = Math.max(shape.halfWidthPx, shape.halfHeightPx) + 1;
  const box = [
    point<S>(shape.centre.x - reachPx, shape.centre.y - reachPx),
    point<S>(shape.centre.x + reachPx, shape.centre.y + reachPx),
    ...shape.contour.flatMap((p) => [
      point<S>(p.x - shape.dilatePx - 1, p.y - shape.dilatePx - 1),
      point<S>(p.x + shape.dilatePx + 1, p.y + shape.dilatePx + 1),
    ]),
  ];
  return boundsOf(box, 0, within);
}

/** Signed distance to the mask's edge in px, positive inside. First order for the ellipse, exact for the ring. */
export function maskDepthPx(shape: EyeMaskShape<Space>, x: number, y: number): number {
  const ellipse = ellipseDepthPx(shape, x, y);
  const ring = shape.contour.length > 0 ? shape.dilatePx - polygonDistancePx(shape.contour, x, y) : -Infinity;
  return Math.min(Math.max(ellipse, ring), belowLinePx(shape.brow, x, y));
}

function ellipseDepthPx(shape: EyeMaskShape<Space>, x: number, y: number): number {
  const cos = Math.cos(shape.angleRad);
  const sin = Math.sin(shape.angleRad);
  const dx = x - shape.centre.x;
  const dy = y - shape.centre.y;
  const u = (cos * dx + sin * dy) / shape.halfWidthPx;
  const v = (-sin * dx + cos * dy) / shape.halfHeightPx;
  const radius = Math.hypot(u, v);
  if (radius < 1e-6) return Math.min(shape.halfWidthPx, shape.halfHeightPx);
  const slope = Math.hypot(u / shape.halfWidthPx, v / shape.halfHeightPx) / radius;
  return (1 - radius) / slope;
}

/** Distance to a closed polygon in px, negative inside (even-odd). */
export function polygonDistancePx(ring: readonly Point<Space>[], x: number, y: number): number {
  let nearest = Infinity;
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const p = ring[i]!;
    const q = ring[j]!;
    nearest = Math.min(nearest, segmentDistancePx(p, q, x, y));
    if (p.y > y !== q.y > y && x < ((q.x - p.x) * (y - p.y)) / (q.y - p.y) + p.x) inside = !inside;
  }
  return inside ? -nearest : nearest;
}

function segmentDistancePx(p: Point<Space>, q: Point<Space>, x: number, y: number): number {
  const dx = q.x - p.x;
  const dy = q.y - p.y;
  const squared = dx * dx + dy * dy;
  const t = squared === 0 ? 0 : clamp(((x - p.x) * dx + (y - p.y) * dy) / squared, 0, 1);
  return Math.hypot(x - p.x - t * dx, y - p.y - t * dy);
}

/** Distance below a line that runs left to right, positive below; its ends go on level. No line: infinitely far. */
function belowLinePx(line: readonly Point<Space>[], x: number, y: number): number {
  const first = line[0];
  const last = line[line.length - 1];
  if (!first || !last) return Infinity;
  if (x <= first.x) return y - first.y;
  for (let i = 1; i < line.length; i++) {
    const p = line[i - 1]!;
    const q = line[i]!;
    if (x > q.x || q.x <= p.x) continue;
    const slope = (q.y - p.y) / (q.x - p.x);
    return (y - p.y - slope * (x - p.x)) / Math.hypot(1, slope);
  }
  return y - last.y;
}
