/** Which parts of a photo the detector looks at, and how its hits come together. */
import type { Detection, FivePoints } from '../core/face';
import { type Affine, apply, type Point, type Rect, rect, type Size } from '../core/geometry';
import type { Manner } from '../core/look';
import { keepBest } from '../core/overlap';
import type { RegionRequest } from '../core/photo';

/**
 * Longest side of the whole photo in each pass, px. The detector finds faces from about 10 px; a finer pass
 * costs four times as much and is run only when the one before saw small faces or none. Fixed sides keep the
 * cost independent of megapixels.
 */
export const PASS_SIDES_PX = [640, 1600, 3200] as const;
/** A pass that found a face narrower than this (in its own px) may have missed smaller ones. */
const SMALL_FACE_PX = 20;
/** Tiles overlap by more than the widest face that only the finer pass finds. */
const TILE_OVERLAP_PX = 160;
/** Hits of several passes and tiles on one face. */
const SAME_FACE = { union: 0.4, smaller: 0.7 } as const;

/** One pass over the photo. */
export interface Pass {
  /** Longest side of the whole photo in it. */
  readonly sidePx: number;
  readonly glances: readonly Glance[];
}

/** A part of the photo as a detector is to see it. */
export interface Glance {
  readonly request: RegionRequest;
  readonly manner: Manner;
  readonly toPhoto: Affine<'view', 'photo'>;
}

/** The photo's requests for one pass, in tiles of at most `tilePx`; one when it fits a tile. Never enlarged. */
export function requestsOf(photo: Size, sidePx: number, tilePx: number): RegionRequest[] {
  const scale = Math.min(1, sidePx / Math.max(photo.width, photo.height));
  const columns = spans(photo.width, scale, tilePx);
  return spans(photo.height, scale, tilePx).flatMap(([y, height]) =>
    columns.map(([x, width]) => ({
      area: rect<'photo'>(x, y, width, height),
      widthPx: Math.max(1, Math.round(width * scale)),
      heightPx: Math.max(1, Math.round(height * scale)),
    })),
  );
}

/** Equal, overlapping spans [start, length] of whole photo px that cover `length`. */
function spans(length: number, scale: number, tilePx: number): (readonly [number, number])[] {
  const scaled = length * scale;
  const count = scaled <= tilePx ? 1 : Math.ceil((scaled - TILE_OVERLAP_PX) / (tilePx - TILE_OVERLAP_PX));
  const overlap = count === 1 ? 0 : TILE_OVERLAP_PX / scale;
  const size = Math.min(length, Math.ceil((length + overlap * (count - 1)) / count));
  return Array.from({ length: count }, (_, i) => [
    count === 1 ? 0 : Math.round((i * (length - size)) / (count - 1)),
    size,
  ]);
}

/** Whether a finer pass is worth its cost after one at `sidePx` that found `hits`; those below `sureScore` may be blobs. */
export function wantsFiner(
  photo: Size,
  sidePx: number,
  hits: readonly Detection<'photo'>[],
  sureScore: number,
): boolean {
  const longest = Math.max(photo.width, photo.height);
  if (longest <= sidePx) return false;
  const sure = hits.filter((hit) => hit.score >= sureScore);
  const narrowest = Math.min(...sure.map((hit) => hit.box.width));
  return sure.length === 0 || narrowest * (sidePx / longest) < SMALL_FACE_PX;
}

export function wholeOf({ width, height }: Size): Rect<'photo'> {
  return rect(0, 0, width, height);
}

/** The map from a region's pixels to the photo. */
export function regionToPhoto({ area, widthPx, heightPx }: RegionRequest): Affine<'view', 'photo'> {
  return {
    a: area.width / widthPx,
    b: 0,
    c: 0,
    d: area.height / heightPx,
    tx: area.x,
    ty: area.y,
  };
}

export function toPhoto(hit: Detection<'view'>, map: Affine<'view', 'photo'>): Detection<'photo'> {
  const { x, y, width, height } = hit.box;
  const corners = [
    [x, y],
    [x + width, y],
    [x, y + height],
    [x + width, y + height],
  ].map(([cx, cy]) => apply(map, { x: cx!, y: cy! }));
  return {
    score: hit.score,
    box: boundingBox(corners),
    points: hit.points.map((p) => apply(map, p)) as unknown as FivePoints<'photo'>,
  };
}

export function merge(hits: readonly Detection<'photo'>[]): Detection<'photo'>[] {
  return keepBest(hits, SAME_FACE);
}

/** The rectangle `times` as wide and high round the same centre. */
export function grown({ x, y, width, height }: Rect<'photo'>, times: number): Rect<'photo'> {
  const [w, h] = [width * times, height * times];
  return rect(x + (width - w) / 2, y + (height - h) / 2, w, h);
}

export function boundingBox(points: readonly Point<'photo'>[]): Rect<'photo'> {
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return rect(left, top, Math.max(...xs) - left, Math.max(...ys) - top);
}
