/** Contact sheets for people to look at, in artifacts/eyes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { encode } from 'fast-png';
import { rect } from '../../src/core/geometry';
import { CHANNELS, type Raster, raster } from '../../src/core/raster';
import { resample } from '../../src/pixels/resample';

const folder = resolve(import.meta.dirname, '../../artifacts/eyes');

/** @param rows of pictures with square sides, as many in each. @param shownPx side of one on the sheet */
export function saveSheet(name: string, rows: readonly (readonly Raster<'crop'>[])[], shownPx: number): void {
  const sheet = raster<'crop'>(Math.max(...rows.map((row) => row.length)) * shownPx, rows.length * shownPx);
  for (const [y, row] of rows.entries())
    for (const [x, square] of row.entries()) {
      const small = resample(square, rect(0, 0, square.width, square.height), shownPx, shownPx);
      for (let line = 0; line < shownPx; line += 1) {
        const at = ((y * shownPx + line) * sheet.width + x * shownPx) * CHANNELS;
        const width = shownPx * CHANNELS;
        sheet.data.set(small.data.subarray(line * width, (line + 1) * width), at);
      }
    }
  mkdirSync(folder, { recursive: true });
  const png = encode({ width: sheet.width, height: sheet.height, data: new Uint8Array(sheet.data.buffer) });
  writeFileSync(resolve(folder, name), png);
}
