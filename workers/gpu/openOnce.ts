import type { GpuDevice } from './device';

/** A device that is opened with its first use; a try that failed is forgotten, so that the next one is made. */
export function openOnce(
  open: (signal: AbortSignal) => Promise<GpuDevice>,
): (signal: AbortSignal) => Promise<GpuDevice> {
  let device: Promise<GpuDevice> | null = null;
  return (signal) => {
    device ??= open(signal).catch((error: unknown) => {
      device = null;
      throw error;
    });
    return device;
  };
}
