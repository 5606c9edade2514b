import type { GpuCheck, GpuFacts } from '../../src/core/gpu';

/** Adapters that compute on the CPU, as they call themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i;

export function factsOf({ info, features, limits }: GPUAdapter, check: GpuCheck | null): GpuFacts {
  const name = nameOf(info);
  return {
    name,
    software: info.isFallbackAdapter || SOFTWARE.test(name),
    features: [...features].sort(),
    bufferBytes: Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize),
    ramHintGib: (navigator as { deviceMemory?: number }).deviceMemory ?? null,
    check,
  };
}

/** Most browsers tell vendor and architecture only. */
function nameOf({ description, vendor, device, architecture }: GPUAdapterInfo): string {
  return description || [vendor, device, architecture].filter((part) => part !== '').join(' ') || 'unnamed';
}
