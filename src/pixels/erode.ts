import { type Plane, plane, type Range } from '../core/raster';

/**
 * `cv2.erode` with a `sidePx` × `sidePx` kernel of ones: the smallest value from `sidePx` / 2 (rounded down) before
 * a pixel on, in both axes. What lies outside the plane is no limit.
 * @throws RangeError when the side is no positive integer
 */
export function erode<R extends Range>(mask: Plane<R>, sidePx: number): Plane<R> {
  if (!Number.isInteger(sidePx) || sidePx < 1)
    throw new RangeError(`a kernel needs a whole, positive side, got ${sidePx}`);
  const { width, height, data } = mask;
  const before = Math.floor(sidePx / 2);
  const lines = new Float32Array((before + height) * width).fill(Infinity, 0, before * width);
  const line = new Float32Array(before + width);
  for (let y = 0; y < height; y += 1) {
    line.fill(Infinity, 0, before);
    line.set(data.subarray(y * width, (y + 1) * width), before);
    smallestAhead(line, sidePx, 1);
    lines.set(line.subarray(0, width), (before + y) * width);
  }
  smallestAhead(lines, sidePx, width);
  return plane<R>(width, height, lines.subarray(0, height * width));
}

/** Each value becomes the smallest of itself and the next `count` − 1 that lie `step` apart: windows double, in place. */
function smallestAhead(values: Float32Array, count: number, step: number): void {
  for (let size = 1; size < count; ) {
    const further = Math.min(size, count - size);
    const offset = further * step;
    for (let i = 0; i + offset < values.length; i += 1) {
      const other = values[i + offset]!;
      if (other < values[i]!) values[i] = other;
    }
    size += further;
  }
}
