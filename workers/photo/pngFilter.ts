import type { Bytes } from './bytes';

const SUB = 1;
const UP = 2;
const AVERAGE = 3;
const PAETH = 4;

/**
 * PNG row filters, per row the one with the least sum of absolute differences (PNG third edition, 12.7).
 * @param rows whole rows of `above.length` bytes
 * @param above the row before the first; zeros at the top of the picture
 * @returns the filtered rows, each after its filter's number
 */
export function filterRows(rows: Bytes, above: Bytes, bytesPerPixel: number): Bytes {
  const stride = above.length;
  const count = rows.length / stride;
  const out = new Uint8Array(rows.length + count);
  const candidates = [SUB, UP, AVERAGE, PAETH].map((kind) => ({ kind, line: new Uint8Array(stride) }));
  let previous = above;
  for (let y = 0; y < count; y += 1) {
    const row = rows.subarray(y * stride, (y + 1) * stride);
    let best = candidates[0]!;
    let least = Number.POSITIVE_INFINITY;
    for (const candidate of candidates) {
      const cost = filter(candidate.kind, row, previous, bytesPerPixel, candidate.line);
      if (cost < least) {
        least = cost;
        best = candidate;
      }
    }
    out[y * (stride + 1)] = best.kind;
    out.set(best.line, y * (stride + 1) + 1);
    previous = row;
  }
  return out;
}

/** Fills `line` and returns the sum of its bytes taken as signed, without sign. */
function filter(kind: number, row: Bytes, above: Bytes, step: number, line: Bytes): number {
  switch (kind) {
    case SUB:
      for (let i = 0; i < row.length; i += 1) line[i] = row[i]! - (i < step ? 0 : row[i - step]!);
      break;
    case UP:
      for (let i = 0; i < row.length; i += 1) line[i] = row[i]! - above[i]!;
      break;
    case AVERAGE:
      for (let i = 0; i < row.length; i += 1) {
        line[i] = row[i]! - (((i < step ? 0 : row[i - step]!) + above[i]!) >> 1);
      }
      break;
    default:
      for (let i = 0; i < row.length; i += 1) {
        const left = i < step ? 0 : row[i - step]!;
        line[i] = row[i]! - paeth(left, above[i]!, i < step ? 0 : above[i - step]!);
      }
  }
  let sum = 0;
  for (let i = 0; i < line.length; i += 1) sum += line[i]! < 128 ? line[i]! : 256 - line[i]!;
  return sum;
}

function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
