/** ITU T.81 table K.1, the luminance table that every common encoder scales, in zigzag order. */
const LUMINANCE = [
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58,
  51, 61, 60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103,
  62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
];

/**
 * The libjpeg quality (1–100) whose luminance table is nearest to the file's.
 * Exact for libjpeg's own tables; for cameras with tables of their own the nearest strength.
 * @param tables the payloads of the DQT segments
 */
export function jpegQualityOf(tables: readonly Uint8Array[]): number | null {
  const table = tables.map(luminanceTable).find((found) => found !== null);
  if (!table) return null;
  let best = 1;
  let smallest = Number.POSITIVE_INFINITY;
  for (let quality = 1; quality <= 100; quality += 1) {
    const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
    let sum = 0;
    LUMINANCE.forEach((base, i) => {
      const step = Math.min(Math.max(Math.floor((base * scale + 50) / 100), 1), 255);
      sum += Math.abs(step - table[i]!);
    });
    if (sum <= smallest) {
      smallest = sum;
      best = quality;
    }
  }
  return best;
}

/** Table 0 of a DQT segment, which may hold several, of 8 or 16 bits. */
function luminanceTable(payload: Uint8Array): number[] | null {
  let at = 0;
  while (at < payload.length) {
    const wide = payload[at]! >> 4 !== 0;
    const id = payload[at]! & 15;
    const size = wide ? 128 : 64;
    const values = payload.subarray(at + 1, at + 1 + size);
    if (values.length < size) return null;
    if (id === 0) {
      return Array.from({ length: 64 }, (_, i) =>
        wide ? (values[2 * i]! << 8) | values[2 * i + 1]! : values[i]!,
      );
    }
    at += 1 + size;
  }
  return null;
}
