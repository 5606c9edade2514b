/** An eye in the frame of its own corners. */
import type { EyeShape } from '../core/face';
import { distance, midpoint, type Point, point, type Space } from '../core/geometry';

export interface Iris<S extends Space> {
  readonly centre: Point<S>;
  readonly radiusPx: number;
  /** False: only the mesh's word, the pixels show no clear edge. */
  readonly sure?: boolean;
}

/** The line of the eye corners as a frame: u along it to image-right, v below it, both in px from its middle. */
export interface CornerFrame<S extends Space> {
  readonly origin: Point<S>;
  readonly along: { readonly x: number; readonly y: number };
  readonly widthPx: number;
}

export function cornerFrame<S extends Space>(eye: Pick<EyeShape<S>, 'corners'>): CornerFrame<S> {
  const [left, right] = eye.corners;
  const widthPx = distance(left, right);
  const along = {
    x: (right.x - left.x) / widthPx,
    y: (right.y - left.y) / widthPx,
  };
  return { origin: midpoint(left, right), along, widthPx };
}

export function toFrame<S extends Space>(frame: CornerFrame<S>, p: Point<S>): { u: number; v: number } {
  const dx = p.x - frame.origin.x;
  const dy = p.y - frame.origin.y;
  return {
    u: dx * frame.along.x + dy * frame.along.y,
    v: dy * frame.along.x - dx * frame.along.y,
  };
}

export function fromFrame<S extends Space>(frame: CornerFrame<S>, u: number, v: number): Point<S> {
  return point(
    frame.origin.x + u * frame.along.x - v * frame.along.y,
    frame.origin.y + u * frame.along.y + v * frame.along.x,
  );
}

/** Upper and lower lid as heights over the corner line, by the place along it (px from its middle). */
export function lidLines<S extends Space>(
  eye: Pick<EyeShape<S>, 'contour' | 'corners'>,
): (u: number) => readonly [number, number] {
  const frame = cornerFrame(eye);
  const n = eye.contour.length;
  const ring = eye.contour.map((p) => toFrame(frame, p));
  const upper = ring.slice(0, n / 2 + 1);
  const lower = [...ring.slice(n / 2), ring[0]!].reverse();
  return (u) => [heightAt(upper, u), heightAt(lower, u)];
}

function heightAt(line: readonly { u: number; v: number }[], u: number): number {
  if (u <= line[0]!.u) return line[0]!.v;
  for (let i = 1; i < line.length; i++) {
    const p = line[i - 1]!;
    const q = line[i]!;
    if (u > q.u || q.u <= p.u) continue;
    return p.v + ((q.v - p.v) * (u - p.u)) / (q.u - p.u);
  }
  return line[line.length - 1]!.v;
}
