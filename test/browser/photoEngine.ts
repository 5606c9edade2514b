/** The real photo worker, and what several tests ask of it. */
import type { PhotoInfo } from '../../src/core/photo';
import type { Raster } from '../../src/core/raster';
import { connect } from '../../src/engines/connect';

export const engines = connect();
export const { photo } = engines;
export const { signal } = new AbortController();

/** The whole original, at its own size. */
export async function original(info: PhotoInfo): Promise<Raster<'view'>> {
  const area = { x: 0, y: 0, width: info.width, height: info.height };
  const [pixels] = await photo.regions(
    info.id,
    [{ area, widthPx: info.width, heightPx: info.height }],
    signal,
  );
  return pixels!;
}

/** As tools/golden/photos.py writes it. */
export async function digest(
  bytes: Uint8ClampedArray<ArrayBuffer> | Uint8Array<ArrayBuffer>,
): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, 32);
}
