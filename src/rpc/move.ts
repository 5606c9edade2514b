/** Names the buffers that leave the worker with a result instead of being copied. */
import { transfer } from 'comlink';
import type { Raster } from '../core/raster';

/** The value, its `parts` moved: the sender must not touch them again. */
export function move<T>(value: T, parts: readonly Transferable[]): T {
  return transfer(value, [...parts]);
}

export function buffersOf(
  rasters: readonly { readonly data: Raster<'view'>['data'] | Float32Array<ArrayBuffer> }[],
): ArrayBuffer[] {
  return rasters.map((r) => r.data.buffer);
}
