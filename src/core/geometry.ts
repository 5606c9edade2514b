/**
 * Points and affine maps that carry their coordinate space.
 *
 * Origin: outer corner of the top-left pixel, y down; the centre of the first pixel is (0.5, 0.5).
 * OpenCV and the reference algorithms put integer coordinates on pixel centres: convert with
 * `shift(-0.5, -0.5)` in the one place that calls them.
 */

/**
 * photo  – the upright, full-size picture
 * view   – a smaller copy of (a part of) the photo
 * crop   – the upright face square of the face being worked on
 * source – a face square of a donor
 * strip  – both eyes upright, as the network that the app ships sees them
 * paint  – the part of the face square that a painter works on, at the size it works at
 * tensor – the input of one network
 * enlarged – the photo times a whole factor, in which restored faces are pasted
 */
export type Space = 'photo' | 'view' | 'crop' | 'source' | 'strip' | 'paint' | 'tensor' | 'enlarged';

declare const spaceOf: unique symbol;
declare const mapOf: unique symbol;

export interface Point<S extends Space> {
  readonly x: number;
  readonly y: number;
  readonly [spaceOf]?: S;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Half-open rectangle: x ≤ px < x + width. */
export interface Rect<S extends Space> {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly [spaceOf]?: S;
}

/** x' = a·x + b·y + tx,  y' = c·x + d·y + ty. The phantom function type keeps the direction apart. */
export interface Affine<From extends Space, To extends Space> {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly tx: number;
  readonly ty: number;
  readonly [mapOf]?: (from: From) => To;
}

export function point<S extends Space>(x: number, y: number): Point<S> {
  return { x, y };
}

export function rect<S extends Space>(x: number, y: number, width: number, height: number): Rect<S> {
  return { x, y, width, height };
}

export function apply<F extends Space, T extends Space>(map: Affine<F, T>, p: Point<F>): Point<T> {
  return { x: map.a * p.x + map.b * p.y + map.tx, y: map.c * p.x + map.d * p.y + map.ty };
}

/** First `first`, then `second`. */
export function compose<A extends Space, B extends Space, C extends Space>(
  first: Affine<A, B>,
  second: Affine<B, C>,
): Affine<A, C> {
  return {
    a: second.a * first.a + second.b * first.c,
    b: second.a * first.b + second.b * first.d,
    c: second.c * first.a + second.d * first.c,
    d: second.c * first.b + second.d * first.d,
    tx: second.a * first.tx + second.b * first.ty + second.tx,
    ty: second.c * first.tx + second.d * first.ty + second.ty,
  };
}

/** @throws RangeError when the map has no inverse. */
export function invert<F extends Space, T extends Space>(map: Affine<F, T>): Affine<T, F> {
  const determinant = map.a * map.d - map.b * map.c;
  if (!Number.isFinite(determinant) || determinant === 0) {
    throw new RangeError(`affine map has no inverse (determinant ${determinant})`);
  }
  const a = map.d / determinant;
  const b = -map.b / determinant;
  const c = -map.c / determinant;
  const d = map.a / determinant;
  return { a, b, c, d, tx: -(a * map.tx + b * map.ty), ty: -(c * map.tx + d * map.ty) };
}

export function scaling<F extends Space, T extends Space>(sx: number, sy: number): Affine<F, T> {
  return { a: sx, b: 0, c: 0, d: sy, tx: 0, ty: 0 };
}

export function shift<F extends Space, T extends Space>(dx: number, dy: number): Affine<F, T> {
  return { a: 1, b: 0, c: 0, d: 1, tx: dx, ty: dy };
}

/** Uniform scale factor of a similarity: √|det|. */
export function scaleOf<F extends Space, T extends Space>(map: Affine<F, T>): number {
  return Math.sqrt(Math.abs(map.a * map.d - map.b * map.c));
}

export function distance<S extends Space>(p: Point<S>, q: Point<S>): number {
  return Math.hypot(p.x - q.x, p.y - q.y);
}

export function midpoint<S extends Space>(p: Point<S>, q: Point<S>): Point<S> {
  return { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 };
}

/**
 * Least-squares similarity (rotation, uniform scale, translation, no mirror) that takes `from` to `to`.
 * Closed form of Umeyama 1991 without the reflection case.
 * @throws RangeError for fewer than two points or points that coincide.
 */
export function similarity<F extends Space, T extends Space>(
  from: readonly Point<F>[],
  to: readonly Point<T>[],
): Affine<F, T> {
  const n = from.length;
  if (n < 2 || to.length !== n)
    throw new RangeError(`similarity needs matching points, got ${n} and ${to.length}`);
  const centre = (points: readonly Point<Space>[]) => ({
    x: points.reduce((sum, p) => sum + p.x, 0) / n,
    y: points.reduce((sum, p) => sum + p.y, 0) / n,
  });
  const p0 = centre(from);
  const q0 = centre(to);
  let spread = 0;
  let dot = 0;
  let cross = 0;
  from.forEach((p, i) => {
    const q = to[i]!;
    const px = p.x - p0.x;
    const py = p.y - p0.y;
    const qx = q.x - q0.x;
    const qy = q.y - q0.y;
    spread += px * px + py * py;
    dot += px * qx + py * qy;
    cross += px * qy - py * qx;
  });
  if (spread === 0) throw new RangeError('similarity needs points that differ');
  const a = dot / spread;
  const c = cross / spread;
  return { a, b: -c, c, d: a, tx: q0.x - (a * p0.x - c * p0.y), ty: q0.y - (c * p0.x + a * p0.y) };
}

/** Smallest rectangle of whole pixels that holds every point, grown by `marginPx`, cut to `within`. */
export function boundsOf<S extends Space>(
  points: readonly Point<S>[],
  marginPx: number,
  within: Rect<S>,
): Rect<S> {
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  const left = Math.max(Math.floor(Math.min(...xs) - marginPx), within.x);
  const top = Math.max(Math.floor(Math.min(...ys) - marginPx), within.y);
  const right = Math.min(Math.ceil(Math.max(...xs) + marginPx), within.x + within.width);
  const bottom = Math.min(Math.ceil(Math.max(...ys) + marginPx), within.y + within.height);
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

/** Unsigned area of a closed polygon (shoelace), in square units of its space. */
export function polygonArea(points: readonly Point<Space>[]): number {
  return Math.abs(signedArea(points));
}

/** Positive when the ring runs clockwise on screen (y down). */
export function signedArea(points: readonly Point<Space>[]): number {
  let twice = 0;
  points.forEach((p, i) => {
    const q = points[(i + 1) % points.length]!;
    twice += p.x * q.y - q.x * p.y;
  });
  return twice / 2;
}
