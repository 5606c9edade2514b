import type { Bytes } from './bytes';

const SUB = 1;
const UP = 2;
const AVERAGE = 3;
const PAETH = 4;

/** Every so many bytes are looked at to choose a filter; prime to 3 and 4 channels, so that each is seen. */
const SAMPLE_STEP = 7;

/**
 * PNG row filters, per row the one with the least sum of absolute differences (PNG third edition, 12.7), which is
 * judged on samples.
 * @param rows whole rows of `above.length` bytes
 * @param above the row before the first; zeros at the top of the picture
 * @returns the filtered rows, each after its filter's number
 */
export function filterRows(rows: Bytes, above: Bytes, bytesPerPixel: number): Bytes {
  const stride = above.length;
  const count = rows.length / stride;
  const out = new Uint8Array(rows.length + count);
  let previous = above;
  for (let y = 0; y < count; y += 1) {
    const row = rows.subarray(y * stride, (y + 1) * stride);
    const kind = bestFilter(row, previous, bytesPerPixel);
    out[y * (stride + 1)] = kind;
    filter(kind, row, previous, bytesPerPixel, out.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    previous = row;
  }
  return out;
}

function bestFilter(row: Bytes, above: Bytes, step: number): number {
  let sub = 0;
  let up = 0;
  let average = 0;
  let byPaeth = 0;
  for (let i = step; i < row.length; i += SAMPLE_STEP) {
    const value = row[i]!;
    const left = row[i - step]!;
    const over = above[i]!;
    sub += magnitude(value - left);
    up += magnitude(value - over);
    average += magnitude(value - ((left + over) >> 1));
    byPaeth += magnitude(value - paeth(left, over, above[i - step]!));
  }
  const least = Math.min(sub, up, average, byPaeth);
  if (least === byPaeth) return PAETH;
  if (least === up) return UP;
  return least === sub ? SUB : AVERAGE;
}

/** Of a difference kept as a byte and read as a signed one. */
function magnitude(difference: number): number {
  const byte = difference & 255;
  return byte < 128 ? byte : 256 - byte;
}

/** One loop for each filter: a choice per byte would take three times as long. */
function filter(kind: number, row: Bytes, above: Bytes, step: number, line: Bytes): void {
  const { length } = row;
  if (kind === UP) {
    for (let i = 0; i < length; i += 1) line[i] = row[i]! - above[i]!;
    return;
  }
  // The first pixel has nothing at its left.
  for (let i = 0; i < step; i += 1) {
    line[i] = row[i]! - (kind === SUB ? 0 : kind === AVERAGE ? above[i]! >> 1 : above[i]!);
  }
  if (kind === SUB) {
    for (let i = step; i < length; i += 1) line[i] = row[i]! - row[i - step]!;
  } else if (kind === AVERAGE) {
    for (let i = step; i < length; i += 1) line[i] = row[i]! - ((row[i - step]! + above[i]!) >> 1);
  } else {
    for (let i = step; i < length; i += 1) {
      line[i] = row[i]! - paeth(row[i - step]!, above[i]!, above[i - step]!);
    }
  }
}

function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
